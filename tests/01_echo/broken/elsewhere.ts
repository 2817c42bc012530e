/**
 * Says one port and listens on another.
 *
 * Fails: every check
 * Words: but it listens on 127.0.0.1:
 *
 * @module
 */
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log("Listening on 127.0.0.1:1");
await listener.accept();
