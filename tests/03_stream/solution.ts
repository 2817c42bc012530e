/**
 * A good answer to exercise 03.
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5005 : Number(Deno.args[flag + 1]);

const LF = 10;
const CR = 13;

/** Numbers the lines of one client, until it will send no more. */
async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1024);
  let bytes = new Uint8Array(0); // Their line has not ended yet.
  let number = 0;
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return; // What is left in `bytes` is no message.
    const more = new Uint8Array(bytes.length + count);
    more.set(bytes);
    more.set(buffer.subarray(0, count), bytes.length);
    bytes = more;

    let end: number;
    while ((end = bytes.indexOf(LF)) !== -1) {
      let line = bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
      if (line.at(-1) === CR) line = line.subarray(0, -1);
      // Not before now: the line is whole, and so is each of its characters.
      const text = new TextDecoder().decode(line);
      number++;
      let pending = new TextEncoder().encode(`${number}: ${text}\n`);
      while (pending.length > 0) {
        pending = pending.subarray(await conn.write(pending));
      }
    }
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  try {
    using conn = await listener.accept();
    console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);
    await serve(conn);
    console.log("Client disconnected");
  } catch (error) {
    console.log("The connection broke off:", error);
  }
}
