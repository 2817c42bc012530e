/**
 * Reads with conn.readable, which closes the connection at the end of the
 * stream, although replies are owed still.
 *
 * Fails: answers all that came before the end, and no unfinished line
 * Words: the connection was closed
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5000 : Number(Deno.args[flag + 1]);

function replyTo(line: string): string {
  if (line.trim() === "") return "ERROR: Empty message\n";
  if ([...line].length > 100) return "ERROR: Message too long\n";
  return `ACK: ${line}\n`;
}

async function send(conn: Deno.Conn, text: string): Promise<void> {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

async function serve(conn: Deno.Conn): Promise<void> {
  let text = "";
  const chunks = conn.readable.pipeThrough(new TextDecoderStream());
  for await (const chunk of chunks) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      await send(conn, replyTo(line.replace(/\r$/, "")));
    }
    if (text.length > 65_536) return;
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  const conn = await listener.accept().catch(() => null);
  if (conn === null) continue; // It has gone before its turn.
  try {
    await serve(conn);
  } catch (error) {
    console.log("The client has broken off:", error);
  }
  try {
    conn.close();
  } catch {
    // It is closed already.
  }
}
