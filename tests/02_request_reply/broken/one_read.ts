/**
 * Takes each read for a request.
 *
 * Fails: drops one CR at the end of a line, and nothing else
 * Words: client 1 got something else
 * Fails: answers every line that came in one piece
 * Words: client 1 got something else
 * Fails: puts a line together, wherever it was cut
 * Words: client 1 got something else
 * Fails: answers a line of 65 536 bytes with one error
 * Words: client 1 got something else
 * Fails: answers all that came before the end, and no unfinished line
 * Words: client 1 got more than it should
 * Fails: closes on a line that does not end
 * Words: client 1 still has its connection
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
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const text = new TextDecoder().decode(buffer.subarray(0, count));
    await send(conn, replyTo(text.replace(/\r?\n$/, "")));
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
