/**
 * Adds a newline to every answer.
 *
 * Fails: answers again and again on one connection
 * Words: A newline stands where none was sent
 * Fails: sends back one byte at a time
 * Words: A newline stands where none was sent
 * Fails: sends back a long message whole
 * Words: got something else
 * Fails: sends what it owes after the client's last word, then closes
 * Words: got something else
 * Fails: ends when its client has gone
 * Words: got more than it should
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
  await conn.write(new Uint8Array([...buffer.subarray(0, count), 10]));
}

conn.close();
listener.close();
