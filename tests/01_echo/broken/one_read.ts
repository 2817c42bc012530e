/**
 * Reads once, answers once, and is done.
 *
 * Fails: answers again and again on one connection
 * Words: client 1 got nothing
 * Fails: sends back one byte at a time
 * Words: client 1 got nothing
 * Fails: sends back a long message whole
 * Words: got only 1024 of 100000 bytes
 * Fails: sends what it owes after the client's last word, then closes
 * Words: got only 1024 of 20000 bytes
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65432 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const conn = await listener.accept();

const buffer = new Uint8Array(1024);
const count = await conn.read(buffer);
if (count !== null) await conn.write(buffer.subarray(0, count));

conn.close();
listener.close();
