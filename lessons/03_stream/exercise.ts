/**
 * Exercise 03: find the lines in the stream yourself.
 *
 * The server answers each line with its number and itself: "1: hello", and a
 * newline. It counts from 1 for each client, and serves one client after the
 * other. A line ends with LF (byte 10). Where the reads cut makes no
 * difference.
 *
 * Work on a copy: work/03_stream/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/03_stream/exercise.ts
 * Try it:         deno task lines-client
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5005 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  try {
    // "using" closes the connection, however this block ends.
    using conn = await listener.accept();
    console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);

    // STEP 1: Keep the bytes whose line has not ended yet: a Uint8Array of
    //         length 0 to begin with, a new one for each client. Read until
    //         conn.read returns null, and put what each read brings behind
    //         the bytes that you have: a new array of both lengths, and set().

    // STEP 2: While there is an LF among them, bytes.indexOf(10), cut the line
    //         off: bytes.subarray(0, end). Go on with what is behind the LF.
    //         One read may complete no line, or many.

    // STEP 3: If the last byte of the line is a CR (13), drop it, that one
    //         only. Some systems end a line with CR and LF.

    // STEP 4: Decode the line, new TextDecoder().decode(line), now and not
    //         before: a character may have come in two reads, a line is whole.

    // STEP 5: Count, and send the number, ": ", the text and "\n". A write may
    //         take only a part, as in lesson 01.

    // STEP 6: What is left when the client sends no more has no LF. It is no
    //         message: send nothing for it.

    console.log("Client disconnected");
  } catch (error) {
    console.log("The connection broke off:", error);
  }
}
