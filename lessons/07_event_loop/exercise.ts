/**
 * Exercise 07: write the client that never gets out of step.
 *
 * It sends each line of its input with the time in front, waits until the whole
 * reply is there, however it is cut into pieces, and prints it in one line. At
 * the end of the input it sends the byte 0xFF and closes.
 *
 * Work on a copy: work/07_event_loop/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/07_event_loop/exercise.ts --port 12345
 * First:          deno task timestamp-server
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 12345 : Number(Deno.args[flag + 1]);

/** The time: seconds since the beginning of 1970, six digits of a fraction. */
function now(): string {
  return (Date.now() / 1000).toFixed(6);
}

/** The lines of the standard input, each as soon as it is there. */
async function* inputLines(): AsyncGenerator<string> {
  let rest = "";
  for await (
    const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest; // The last line, without its newline.
}

const conn = await Deno.connect({ hostname: "127.0.0.1", port });
console.error(`Connected to 127.0.0.1:${port}`);

for await (const line of inputLines()) {
  const message = new TextEncoder().encode(`${now()}:${line}`);
  console.error(`To send: ${message.length} bytes`);

  // STEP 1: Send the message, all of it, instead of talking about it.
  //         conn.write(message) returns how many bytes it took, which may be
  //         fewer than you gave it.

  // STEP 2: Read until the whole reply is there. It is the server's time, a
  //         colon, and then as many bytes as you sent: message.length. You do
  //         not know how long the time is. A read may bring the time without
  //         its colon, or half of a character.

  // STEP 3: A read may also bring more: the beginning of the next reply. Keep
  //         it for the next line. (Or never ask for more than is missing.)

  // STEP 4: Decode the whole reply, and print one line, with the time now:
  //         console.log(`${now()}:${reply}`)
}

// STEP 5: Say goodbye: one byte, 0xFF.

conn.close();
