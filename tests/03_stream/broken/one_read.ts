/**
 * Takes each read for a line.
 *
 * Fails: answers every line that came in one piece
 * Words: client 1 got something else
 * Fails: puts a line together, wherever it was cut
 * Words: client 1 got something else
 * Fails: keeps a character whole that was cut in two
 * Words: replacement character
 * Fails: drops one CR before the LF, and nothing else
 * Words: client 1 got something else
 * Fails: takes an empty line for a line
 * Words: client 1 got something else
 * Fails: answers all that came before the end, and no unfinished line
 * Words: client 1 got more than it should
 * Fails: sends its replies whole to a client that reads late
 * Words: client 1 got something else
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
  let number = 0;
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const text = new TextDecoder().decode(buffer.subarray(0, count));
    await send(conn, `${++number}: ${text.replace(/\r?\n$/, "")}\n`);
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
