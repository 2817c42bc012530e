/**
 * Makes text of every read, and bytes of the text.
 *
 * Fails: sends back every byte value, unchanged
 * Words: replacement character
 * Fails: sends back one byte at a time
 * Words: replacement character
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65432 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const conn = await listener.accept();

const buffer = new Uint8Array(1024);
while (true) {
  const count = await conn.read(buffer);
  if (count === null) break;
  const text = new TextDecoder().decode(buffer.subarray(0, count));
  await conn.write(new TextEncoder().encode(text));
}

conn.close();
listener.close();
