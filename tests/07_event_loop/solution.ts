/**
 * A good answer to exercise 07.
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 12345 : Number(Deno.args[flag + 1]);

const COLON = ":".charCodeAt(0);

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

/** Sends all of `bytes`: one write may take only a part. */
async function send(bytes: Uint8Array): Promise<void> {
  let pending = bytes;
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

// What has come and belongs to no complete reply yet.
let received = new Uint8Array(0);
const buffer = new Uint8Array(4096);

/** The reply to a message of `length` bytes; `null` if the server closes first. */
async function readReply(length: number): Promise<Uint8Array | null> {
  while (true) {
    const colon = received.indexOf(COLON);
    const end = colon + 1 + length;
    if (colon !== -1 && received.length >= end) {
      const reply = received.subarray(0, end);
      received = received.subarray(end); // The beginning of the next one.
      return reply;
    }
    const count = await conn.read(buffer);
    if (count === null) return null;
    const joined = new Uint8Array(received.length + count);
    joined.set(received);
    joined.set(buffer.subarray(0, count), received.length);
    received = joined;
  }
}

const conn = await Deno.connect({ hostname: "127.0.0.1", port });
console.error(`Connected to 127.0.0.1:${port}`);

let open = true;
for await (const line of inputLines()) {
  const message = new TextEncoder().encode(`${now()}:${line}`);
  await send(message);
  const reply = await readReply(message.length);
  if (reply === null) {
    console.error("Server closed connection");
    open = false;
    break;
  }
  // Only now, when all of it is there, no character is cut in two.
  console.log(`${now()}:${new TextDecoder().decode(reply)}`);
}

if (open) await send(new Uint8Array([0xff])); // Goodbye.
conn.close();
