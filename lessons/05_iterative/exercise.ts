/**
 * Exercise 05: one after the other, but nobody holds up the others by silence.
 *
 * The server sends back every byte, to one client at a time. A client that
 * sends nothing for some seconds is told "Too slow" and has to go. Then the
 * next one is served, for ever.
 *
 * Work on a copy: work/05_iterative/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/05_iterative/exercise.ts
 * Try it:         deno task echo-client --port 5001
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5001 : Number(Deno.args[flag + 1]);

// How long a client may be silent, in seconds: 5, or 0.5, say.
const patienceFlag = Deno.args.indexOf("--patience");
const patience = patienceFlag === -1 ? 5 : Number(Deno.args[patienceFlag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
console.log(`A client may be silent for ${patience} s`);

while (true) {
  const conn = await listener.accept();
  console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);

  // STEP 1: Send back what the client sends, all of it, until conn.read returns
  //         null. This is lesson 01.

  // STEP 2: A client may reset its connection, while it is served or while it
  //         waits. Then read, write or accept throws. The next one must be
  //         served all the same.

  // STEP 3: Before each read, start a clock: setTimeout(..., patience * 1000).
  //         After the read, stop it: clearTimeout(...).

  // STEP 4: When the clock runs out, write "Too slow\n" and then close the
  //         connection. The read that waits is ended by that: it throws
  //         Deno.errors.Interrupted. Catch it, and accept the next client. The
  //         write may throw as well, if the client has just gone. And so does
  //         a second close: the one below must not come after yours.

  conn.close();
  console.log("Client disconnected");
}
