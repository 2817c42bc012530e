/**
 * Exercise 01: write the echo server yourself.
 *
 * It serves one client: what the client sends comes back unchanged, every byte
 * of it, until the client stops sending. Then the server closes the connection
 * and ends.
 *
 * Work on a copy: work/01_echo/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/01_echo/exercise.ts
 * Try it:         deno task echo-client
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65432 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const conn = await listener.accept();
console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);

// STEP 1: Read what the client has sent, at most 1024 bytes at a time.
//         You need: new Uint8Array(1024), and conn.read(buffer), which returns
//         how many bytes it put there.

// STEP 2: Send those bytes back, and only those: buffer.subarray(0, count).
//         conn.write(bytes) returns how many it took. That may be fewer than
//         you gave it, so write the rest as well.

// STEP 3: Do steps 1 and 2 again and again, until conn.read returns null: the
//         client will send no more.

// STEP 4: Close the connection, so that the client sees the end too.
conn.close();
listener.close();
console.log("Client disconnected");
