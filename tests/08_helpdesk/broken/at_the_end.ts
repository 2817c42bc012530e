/**
 * Writes all the messages of a session at its end.
 *
 * Fails: writes each message to the file, as a line of JSON
 * Words: Messages in the file: 0, acknowledged: 1
 * Fails: keeps any text in its one line
 * Words: Messages in the file: 0
 * Fails: acknowledges nothing that is not in the file
 * Words: Messages in the file: 0
 * Fails: still has what it has acknowledged when it is killed
 * Words: Messages in the file: 0, acknowledged: 1
 * Fails: starts on a file whose last line is cut off
 * Words: Messages in the file
 * Fails: mixes no lines of several clients
 * Words: Messages in the file: 0, acknowledged: 80
 * Fails: does not write HISTORY to the file
 * Words: Messages in the file: 0
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5004 : Number(Deno.args[flag + 1]);

const logFlag = Deno.args.indexOf("--log");
const file = logFlag === -1 ? undefined : Deno.args[logFlag + 1];
if (file !== undefined) await endLastLine(file);

async function endLastLine(file: string): Promise<void> {
  try {
    const text = await Deno.readTextFile(file);
    if (text === "" || text.endsWith("\n")) return;
    await Deno.writeTextFile(file, "\n", { append: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

let unsaved = "";

async function attend(conn: Deno.TcpConn): Promise<void> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(4096);
  const messages: string[] = [];
  let rest = "";
  while (rest.length <= 65_536) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const chunk = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const text = line.replace(/\r$/, "");
      if (text === "HISTORY") {
        const list = messages.map((text, index) => `${index + 1}: ${text}\n`);
        await send(conn, `${list.join("")}END\n`);
      } else {
        await acknowledge(conn, text);
        messages.push(text);
      }
    }
  }
}

async function acknowledge(conn: Deno.TcpConn, text: string): Promise<void> {
  const now = new Date();
  if (file !== undefined) {
    const { hostname, port } = conn.remoteAddr;
    const peer = `${hostname}:${port}`;
    const entry = { time: now.toISOString(), peer, text };
    unsaved += `${JSON.stringify(entry)}\n`;
  }
  const time = now.toTimeString().slice(0, 8);
  console.log(`[SERVER] @${time} Client: ${text.replace(/\p{C}/gu, "?")}`);
  await send(conn, `[ACK @${time}] ${text}\n`);
}

async function send(conn: Deno.TcpConn, text: string): Promise<void> {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`[SERVER] Listening on 127.0.0.1:${listener.addr.port}`);
for await (const conn of listener) {
  attend(conn)
    .catch((error) =>
      console.log(`[SERVER] A session failed: ${error.message}`)
    )
    .finally(async () => {
      if (file !== undefined) {
        const lines = unsaved;
        unsaved = "";
        await Deno.writeTextFile(file, lines, { append: true });
      }
      conn.close();
    });
}
