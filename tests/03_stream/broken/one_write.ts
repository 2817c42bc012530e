/**
 * Takes it that one write sends everything.
 *
 * Fails: sends its replies whole to a client that reads late
 * Words: bytes alike, then
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5005 : Number(Deno.args[flag + 1]);

async function send(conn: Deno.Conn, text: string): Promise<void> {
  await conn.write(new TextEncoder().encode(text));
}

async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1024);
  let bytes = new Uint8Array(0);
  let number = 0;
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const more = new Uint8Array(bytes.length + count);
    more.set(bytes);
    more.set(buffer.subarray(0, count), bytes.length);
    bytes = more;
    let end: number;
    while ((end = bytes.indexOf(10)) !== -1) {
      let line = bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
      if (line.at(-1) === 13) line = line.subarray(0, -1);
      const text = new TextDecoder().decode(line);
      await send(conn, `${++number}: ${text}\n`);
    }
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
