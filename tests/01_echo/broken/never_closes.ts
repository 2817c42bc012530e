/**
 * Does not close the connection when the client has ended.
 *
 * Fails: sends what it owes after the client's last word, then closes
 * Words: does not close the connection
 * Fails: ends when its client has gone
 * Words: does not close the connection
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
  await conn.write(buffer.subarray(0, count));
}
await listener.accept();

conn.close();
listener.close();
