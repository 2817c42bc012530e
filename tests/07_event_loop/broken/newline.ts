/**
 * Sends the newline with the line.
 *
 * Fails: sends the time, a colon and the line, and nothing else
 * Words: received  "\n
 * Fails: sends every line as it is
 * Words: has not printed
 * Fails: prints the reply, with the time when it was there
 * Words: It has sent "\n" behind the message
 * Fails: says goodbye with the byte 0xFF, closes and ends
 * Words: It has sent "\n" behind the message
 * Fails: prints one line for each reply, and nothing else
 * Words: It has sent "\n" behind the message
 * Fails: puts together a reply that comes one byte at a time
 * Words: It has sent "\n" behind the message
 * Fails: puts together a long reply that comes in pieces of any size
 * Words: It has sent "\n" behind the message
 * Fails: keeps a character whole that comes in two parts
 * Words: It has sent "\n" behind the message
 * Fails: reads a time of any length
 * Words: It has sent "\n" behind the message
 * Fails: keeps the beginning of the next reply for the next line
 * Words: It has sent "\n" behind the message
 * Fails: ends when the server has gone, and prints no part of a reply
 * Words: It has sent "\n" behind the message
 * Fails: sends the next line only when the reply is complete
 * Words: has sent "\n" behind its message
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 12345 : Number(Deno.args[flag + 1]);

function now(): string {
  return (Date.now() / 1000).toFixed(6);
}

async function* inputLines(): AsyncGenerator<string> {
  let rest = "";
  for await (
    const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function send(bytes: Uint8Array): Promise<void> {
  let pending = bytes;
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

/** Reads exactly `length` bytes; `null` if the server closes before that. */
async function readBytes(length: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(length);
  let count = 0;
  while (count < length) {
    const read = await conn.read(bytes.subarray(count));
    if (read === null) return null;
    count += read;
  }
  return bytes;
}

/** Reads the server's time, up to its colon, and as many bytes as were sent. */
async function readReply(length: number): Promise<string | null> {
  let time = "";
  while (!time.endsWith(":")) {
    const byte = await readBytes(1);
    if (byte === null) return null;
    time += new TextDecoder().decode(byte);
  }
  const echo = await readBytes(length);
  return echo === null ? null : time + new TextDecoder().decode(echo);
}

const conn = await Deno.connect({ hostname: "127.0.0.1", port });
console.error(`Connected to 127.0.0.1:${port}`);

let open = true;
for await (const line of inputLines()) {
  const message = new TextEncoder().encode(`${now()}:${line}\n`);
  await send(message);
  const reply = await readReply(message.length);
  if (reply === null) {
    open = false;
    break;
  }
  console.log(`${now()}:${reply}`);
}

if (open) await send(new Uint8Array([0xff]));
conn.close();
