/**
 * Sends the whole buffer, not only what was read.
 *
 * Fails: answers again and again on one connection
 * Words: got something else
 * Fails: sends back one byte at a time
 * Words: got something else
 * Fails: sends back a long message whole
 * Words: got
 * Fails: sends what it owes after the client's last word, then closes
 * Words: got
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
while (await conn.read(buffer) !== null) await conn.write(buffer);

conn.close();
listener.close();
