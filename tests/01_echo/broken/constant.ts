/**
 * Answers with a constant.
 *
 * Fails: every check
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
while (await conn.read(buffer) !== null) {
  await conn.write(new TextEncoder().encode("hello"));
}

conn.close();
listener.close();
