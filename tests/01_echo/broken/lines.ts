/**
 * Waits for a newline before it answers.
 *
 * Fails: sends back what it gets
 * Words: client 1 got nothing
 * Fails: answers again and again on one connection
 * Words: client 1 got nothing
 * Fails: sends back one byte at a time
 * Words: client 1 got nothing
 * Fails: sends back a long message whole
 * Words: client 1 got nothing
 * Fails: sends what it owes after the client's last word, then closes
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
let waiting: number[] = [];
while (true) {
  const count = await conn.read(buffer);
  if (count === null) break;
  waiting.push(...buffer.subarray(0, count));
  const end = waiting.lastIndexOf(10) + 1;
  await conn.write(new Uint8Array(waiting.slice(0, end)));
  waiting = waiting.slice(end);
}

conn.close();
listener.close();
