/**
 * Ends with an error when a client connects.
 *
 * Fails: every check
 * Words: it said
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65432 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

await listener.accept();

throw new Error("I did not expect anybody");
