/**
 * Drops blanks and line ends around what it reads.
 *
 * Fails: sends back every byte value, unchanged
 * Words: got something else
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
  let bytes = buffer.subarray(0, count);
  while ([10, 13, 32].includes(bytes[0] ?? 0)) bytes = bytes.subarray(1);
  while ([10, 13].includes(bytes.at(-1) ?? 0)) bytes = bytes.subarray(0, -1);
  if (bytes.length > 0) await conn.write(bytes);
}

conn.close();
listener.close();
