/**
 * Forgets what a read has brought behind the end of the reply.
 *
 * Fails: keeps the beginning of the next reply for the next line
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

const buffer = new Uint8Array(65_536);

async function readReply(length: number): Promise<string | null> {
  let reply = new Uint8Array(0);
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return null;
    reply = new Uint8Array([...reply, ...buffer.subarray(0, count)]);
    const colon = reply.indexOf(58);
    const end = colon + 1 + length;
    if (colon !== -1 && reply.length >= end) {
      return new TextDecoder().decode(reply.subarray(0, end));
    }
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
