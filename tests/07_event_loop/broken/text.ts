/**
 * Makes text of every part of the reply by itself.
 *
 * Fails: keeps a character whole that comes in two parts
 * Words: replacement character
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

/** Reads until the colon and `length` bytes behind it are there. */
async function readReply(length: number): Promise<string | null> {
  const byte = new Uint8Array(1);
  let reply = "";
  while (!reply.endsWith(":")) {
    if (await conn.read(byte) === null) return null;
    reply += new TextDecoder().decode(byte);
  }
  let missing = length;
  while (missing > 0) {
    const part = new Uint8Array(missing);
    const count = await conn.read(part);
    if (count === null) return null;
    reply += new TextDecoder().decode(part.subarray(0, count));
    missing -= count;
  }
  return reply;
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
