/**
 * Prints what has come of a reply when the server closes.
 *
 * Fails: ends when the server has gone, and prints no part of a reply
 * Words: printed something for a reply that was cut off
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

let open = true;

/** Reads the server's time, its colon, and as many bytes as were sent. */
async function readReply(length: number): Promise<string> {
  const byte = new Uint8Array(1);
  const reply: number[] = [];
  let missing = Infinity;
  while (missing > 0) {
    if (await conn.read(byte) === null) {
      open = false;
      break;
    }
    reply.push(byte[0] ?? 0);
    missing = missing === Infinity && byte[0] === 58 ? length : missing - 1;
  }
  return new TextDecoder().decode(new Uint8Array(reply));
}

const conn = await Deno.connect({ hostname: "127.0.0.1", port });
console.error(`Connected to 127.0.0.1:${port}`);

for await (const line of inputLines()) {
  const message = new TextEncoder().encode(`${now()}:${line}`);
  await send(message);
  const reply = await readReply(message.length);
  console.log(`${now()}:${reply}`);
  if (!open) break;
}

if (open) await send(new Uint8Array([0xff]));
conn.close();
