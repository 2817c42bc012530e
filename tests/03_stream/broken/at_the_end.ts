/**
 * Answers when the client has sent everything.
 *
 * Fails: sends a line back with its number
 * Words: client 1 got nothing
 * Fails: counts on from line to line
 * Words: client 1 got nothing
 * Fails: answers every line that came in one piece
 * Words: client 1 got nothing
 * Fails: puts a line together, wherever it was cut
 * Words: client 1 got nothing
 * Fails: keeps a character whole that was cut in two
 * Words: client 1 got nothing
 * Fails: drops one CR before the LF, and nothing else
 * Words: client 1 got nothing
 * Fails: takes an empty line for a line
 * Words: client 1 got nothing
 * Fails: answers all that came before the end, and no unfinished line
 * Words: client 1 got nothing
 * Fails: counts each client from 1, and keeps nothing of the last one
 * Words: client 1 got nothing
 * Fails: serves the next client when one has broken off
 * Words: client 1 got nothing
 * Fails: sends its replies whole to a client that reads late
 * Words: client 1 got nothing
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5005 : Number(Deno.args[flag + 1]);

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
  let number = 0;
  for (const line of text.split("\n").slice(0, -1)) {
    await send(conn, `${++number}: ${line.replace(/\r$/, "")}\n`);
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  try {
    using conn = await listener.accept();
    await serve(conn);
  } catch (error) {
    console.log("The connection broke off:", error);
  }
}
