/**
 * A good answer to exercise 02.
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5000 : Number(Deno.args[flag + 1]);

/** The longest text without a newline that is kept. */
const MAX_KEPT = 65_536;

/** The reply to one line. */
function replyTo(line: string): string {
  if (line.trim() === "") return "ERROR: Empty message\n";
  // Spread, a string falls into characters; its length counts some as two.
  if ([...line].length > 100) return "ERROR: Message too long\n";
  return `ACK: ${line}\n`;
}

/** Sends all of `text`. */
async function send(conn: Deno.Conn, text: string): Promise<void> {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

/** Answers every line of one client, until it will send no more. */
async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1024);
  // One decoder: it keeps the first part of a character until the rest comes.
  const decoder = new TextDecoder();
  let text = ""; // What has come and has no newline yet.
  while (text.length <= MAX_KEPT) {
    const count = await conn.read(buffer);
    if (count === null) return; // What is left in `text` is no request.
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      await send(conn, replyTo(line.replace(/\r$/, "")));
    }
  }
  console.log("Its line does not end");
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  let conn: Deno.TcpConn;
  try {
    conn = await listener.accept();
  } catch (error) {
    console.log("A client has gone before its turn:", error);
    continue;
  }
  console.log(`Connection from 127.0.0.1:${conn.remoteAddr.port}`);
  try {
    await serve(conn);
  } catch (error) {
    console.log("The client has broken off:", error);
  }
  conn.close();
  console.log("Closed connection");
}
