/**
 * Writes to one client after the other, and waits for each.
 *
 * Fails: lets a client that does not read hold up nobody
 * Words: client 1 got nothing
 * Fails: lets go of a client for which more than 1 MiB waits
 * Words: client 1 got nothing
 * Fails: sends all to a client that is behind by less, and reads again
 * Words: client 1 got nothing
 * Fails: sends what it owes after the client's last word, then closes
 * Words: client 1 got nothing
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65435 : Number(Deno.args[flag + 1]);

/** Everybody who has given a name. */
const members = new Set<Deno.TcpConn>();

/** Sends `text` to everybody in the room. */
async function tell(text: string): Promise<void> {
  for (const conn of members) {
    try {
      await send(conn, text);
    } catch {
      members.delete(conn);
    }
  }
}

/** Writes `text`, in as many writes as it takes. */
async function send(conn: Deno.TcpConn, text: string): Promise<void> {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

/** One client, from its welcome to its end. */
async function serveClient(conn: Deno.TcpConn): Promise<void> {
  const peer = `127.0.0.1:${conn.remoteAddr.port}`;
  let name: string | undefined;
  await send(conn, "Welcome! Enter your name:\n");
  try {
    for await (const line of readLines(conn)) {
      if (name === undefined) {
        // A terminal obeys control characters: none may come with a name.
        name = line.trim().replace(/\p{C}/gu, "?").slice(0, 32) || peer;
        console.log(`${name} joined from ${peer}`);
        await send(conn, `Hello ${name}! You can chat now.\n`);
        await tell(`${name} has joined the chat.\n`);
        members.add(conn);
      } else {
        await tell(`${name}: ${line}\n`);
      }
    }
  } finally {
    members.delete(conn);
    console.log(`${name ?? "Somebody"} left from ${peer}`);
    if (name !== undefined) await tell(`${name} has left the chat.\n`);
  }
}

/** The lines that a client sends. One of over 65 536 characters ends them. */
async function* readLines(conn: Deno.TcpConn): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(4096);
  let rest = ""; // The beginning of a line whose newline has not come yet.
  while (rest.length <= 65_536) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const chunk = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
}

/** Closes a connection that may have been closed before. */
function close(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // It was.
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
while (true) {
  try {
    const conn = await listener.accept();
    // Not awaited: the next client is served meanwhile. So its errors end here.
    serveClient(conn)
      .catch((error) => console.log(`A client failed: ${error.message}`))
      .finally(() => close(conn));
  } catch (error) {
    // A client was gone before its turn: on to the next one. Or no file is left
    // for another connection, and then it takes a while (lesson 06).
    if (error instanceof Deno.errors.NotConnected) continue;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
