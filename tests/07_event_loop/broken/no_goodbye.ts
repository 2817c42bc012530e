/**
 * Closes without a goodbye.
 *
 * Fails: says goodbye with the byte 0xFF, closes and ends
 * Words: server got nothing
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

for await (const line of inputLines()) {
  const message = new TextEncoder().encode(`${now()}:${line}`);
  await send(message);
  const reply = await readReply(message.length);
  if (reply === null) break;
  console.log(`${now()}:${reply}`);
}

conn.close();
