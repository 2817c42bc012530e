/**
 * Answers when the client has sent everything.
 *
 * Fails: acknowledges a line
 * Words: client 1 got nothing
 * Fails: answers line after line on one connection
 * Words: client 1 got nothing
 * Fails: says that a line is empty, and goes on
 * Words: client 1 got nothing
 * Fails: takes 100 characters and refuses 101, in any script
 * Words: client 1 got nothing
 * Fails: drops one CR at the end of a line, and nothing else
 * Words: client 1 got nothing
 * Fails: answers every line that came in one piece
 * Words: client 1 got nothing
 * Fails: puts a line together, wherever it was cut
 * Words: client 1 got nothing
 * Fails: answers a line of 65 536 bytes with one error
 * Words: client 1 got nothing
 * Fails: answers all that came before the end, and no unfinished line
 * Words: client 1 got nothing
 * Fails: closes on a line that does not end
 * Words: client 1 got nothing
 * Fails: serves the next client when one has closed
 * Words: client 1 got nothing
 * Fails: serves the next client when one was reset
 * Words: client 1 got nothing
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
  const buffer = new Uint8Array(1024);
  const decoder = new TextDecoder();
  let text = "";
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) break;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  for (const line of text.split("\n").slice(0, -1)) {
    await send(conn, replyTo(line.replace(/\r$/, "")));
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
  conn.close();
}
