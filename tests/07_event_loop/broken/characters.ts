/**
 * Counts characters, where it was bytes that it has sent.
 *
 * Fails: keeps a character whole that comes in two parts
 * Words: The program has not printed
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

const decoder = new TextDecoder();
let received = "";

/** Reads until the colon and `length` more are there; keeps what follows. */
async function readReply(length: number): Promise<string | null> {
  const buffer = new Uint8Array(4096);
  while (true) {
    const end = received.indexOf(":") + 1 + length;
    if (received.includes(":") && received.length >= end) {
      const reply = received.slice(0, end);
      received = received.slice(end);
      return reply;
    }
    const count = await conn.read(buffer);
    if (count === null) return null;
    received += decoder.decode(buffer.subarray(0, count), { stream: true });
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
    open = false;
    break;
  }
  console.log(`${now()}:${reply}`);
}

if (open) await send(new Uint8Array([0xff]));
conn.close();
