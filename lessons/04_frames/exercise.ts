/**
 * Exercise 04: read and write frames yourself.
 *
 * A frame is the length of a message in 4 bytes, the most significant first,
 * and then the message. The server answers each frame with a frame of the same
 * bytes in reverse: "abc" with "cba". Any number of frames from each client,
 * one client after the other.
 *
 * Work on a copy: work/04_frames/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/04_frames/exercise.ts
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5007 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  const conn = await listener.accept();
  console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);
  try {
    // STEP 1: Read the 4 bytes of the length. One read may bring fewer, so
    //         read on until all 4 are there, and not a byte more: a
    //         new Uint8Array(4), and conn.read(bytes.subarray(received)).
    //         If conn.read returns null before the first of them, the client
    //         has said all that it wanted to.

    // STEP 2: Turn them into a number, the most significant byte first:
    //         new DataView(bytes.buffer).getUint32(0).

    // STEP 3: Over 16 MiB (16 * 1024 * 1024)? Then be done with this client,
    //         before you make room for that many bytes.

    // STEP 4: Read the message as in step 1, as many bytes as the number says,
    //         none at all if it is 0. If the end comes in the middle, be done
    //         with this client: no answer.

    // STEP 5: Turn the message round, message.reverse(), and send it with its
    //         length in front: setUint32 writes what getUint32 reads. A write
    //         may take only a part.

    // STEP 6: Do all that again and again, for each frame of this client.
  } catch (error) {
    console.log("The connection broke off:", error);
  }
  conn.close();
  console.log("Client disconnected");
}
