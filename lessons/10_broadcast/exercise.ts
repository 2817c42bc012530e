/**
 * Exercise 10: a room that no client can hurt, be it dead or slow.
 *
 * It works: what one says goes to everybody. But it writes to one client after
 * the other and waits for each. Give every client a queue of its own.
 *
 * Work on a copy: work/10_broadcast/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/10_broadcast/exercise.ts
 * Try it:         deno task chat-client --port 65435 --name Ada, in two terminals
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65435 : Number(Deno.args[flag + 1]);

/** Everybody who has given a name. */
const members = new Set<Deno.TcpConn>();

/** Sends `text` to everybody in the room. */
async function tell(text: string): Promise<void> {
  // STEP 1: If one client is gone, this throws, and not in the task of that
  //         client, but of the one who has just said something. Catch it.
  // STEP 2: If one does not read, this waits for it, and with it everybody; and
  //         while it waits, another message is mixed into this one. So do not
  //         send here. Put the text in the queue of each member, and have one
  //         loop for each client, which sends what is in its queue, in order.
  //         All that this client gets goes through its queue, WELCOME too.
  // STEP 3: The queue of a client that does not read grows and grows. Count
  //         the bytes in it. Over 1 048 576, close the connection: the read in
  //         its task fails, and that does the rest.
  for (const conn of members) await send(conn, text);
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

  // STEP 4: A reset makes the read above throw, and nothing below happens.
  //         Whatever the reason, and once only: take the client out of the
  //         room, tell the rest, and close the connection. You need: finally.
  // STEP 5: A client that says that it will send no more may still read. What
  //         is in its queue goes out before you close; but not for ever, if it
  //         does not read. You need: Promise.race and a timer.
  members.delete(conn);
  console.log(`${name ?? "Somebody"} left from ${peer}`);
  if (name !== undefined) await tell(`${name} has left the chat.\n`);
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
