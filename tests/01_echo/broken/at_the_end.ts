/**
 * Collects everything, and answers when the client has ended.
 *
 * Fails: sends back what it gets
 * Words: client 1 got nothing
 * Fails: answers again and again on one connection
 * Words: client 1 got nothing
 * Fails: sends back every byte value, unchanged
 * Words: client 1 got nothing
 * Fails: sends back one byte at a time
 * Words: client 1 got nothing
 * Fails: sends back a long message whole
 * Words: client 1 got nothing
 * Fails: ends when its client has gone
 * Words: client 1 got nothing
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65432 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const conn = await listener.accept();

const buffer = new Uint8Array(1024);
const all: number[] = [];
while (true) {
  const count = await conn.read(buffer);
  if (count === null) break;
  all.push(...buffer.subarray(0, count));
}
let pending = new Uint8Array(all);
while (pending.length > 0) {
  pending = pending.subarray(await conn.write(pending));
}

conn.close();
listener.close();
