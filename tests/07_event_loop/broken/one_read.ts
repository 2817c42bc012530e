/**
 * Takes what one read brings for the reply.
 *
 * Fails: puts together a reply that comes one byte at a time
 * Words: here it ends
 * Fails: puts together a long reply that comes in pieces of any size
 * Words: here it ends
 * Fails: keeps a character whole that comes in two parts
 * Words: replacement character
 * Fails: keeps the beginning of the next reply for the next line
 * Words: more came
 * Fails: sends the next line only when the reply is complete
 * Words: did not wait for the whole reply
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

const conn = await Deno.connect({ hostname: "127.0.0.1", port });
console.error(`Connected to 127.0.0.1:${port}`);

const buffer = new Uint8Array(1024);
let open = true;
for await (const line of inputLines()) {
  await send(new TextEncoder().encode(`${now()}:${line}`));
  const count = await conn.read(buffer);
  if (count === null) {
    open = false;
    break;
  }
  const reply = new TextDecoder().decode(buffer.subarray(0, count));
  console.log(`${now()}:${reply}`);
}

if (open) await send(new Uint8Array([0xff]));
conn.close();
