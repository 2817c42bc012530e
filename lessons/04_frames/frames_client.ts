/**
 * Frames client: sends files, each as one frame, and checks the hash that the
 * server got against its own.
 *
 * Run: deno task frames-client lessons/04_frames/picture.png
 * First, in another terminal: deno task frames-server
 *
 * @module
 */
import { assertEquals, assertRejects } from "jsr:@std/assert@^1";
import { type Reader, UnexpectedEofError, writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  encodeFrame,
  FrameTooLongError,
  MAX_FRAME_LENGTH,
  readFrames,
} from "../../lib/frames.ts";
import { runProgram } from "../../lib/program.ts";
import { sha256 } from "./sha256.ts";

/** What a person can put right. The message is one line for that person. */
export class SendError extends Error {}

/** Reads everything, if it is not too long for a frame. */
export async function readPayload(
  name: string,
  reader: Reader,
  maxLength = MAX_FRAME_LENGTH,
): Promise<Uint8Array> {
  // One byte more than a frame may have: if that fills, there is too much.
  const bytes = new Uint8Array(maxLength + 1);
  let length = 0;
  while (length <= maxLength) {
    const count = await reader.read(bytes.subarray(length));
    if (count === null) return bytes.slice(0, length);
    length += count;
  }
  throw new SendError(
    `${name} is over ${maxLength} bytes, too long for one frame`,
  );
}

/** The bytes of a file, all of them: the length has to be sent first. */
export async function readFile(name: string): Promise<Uint8Array> {
  try {
    using file = await Deno.open(name);
    return await readPayload(printable(name), file);
  } catch (error) {
    throw explainRead(error, printable(name));
  }
}

/** What a person can do about a file that cannot be read. */
function explainRead(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || error instanceof SendError) return error;
  const { errors } = Deno;
  if (error instanceof errors.NotFound) {
    return new SendError(`There is no file ${name}. Check the spelling`);
  }
  if (error instanceof errors.IsADirectory) {
    return new SendError(`${name} is a folder. Name the files in it`);
  }
  if (error instanceof errors.NotCapable) {
    const words = [Deno.mainModule, ...Deno.args].map((word) =>
      /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)
    );
    return new SendError(
      `Deno was not given read access to ${name}. ` +
        `Start it with: deno run -N -R ${words.join(" ")}`,
    );
  }
  return new SendError(`${name} cannot be read: ${printable(error.message)}`);
}

/** The server's replies, one frame for each of ours. */
export function readReplies(conn: Deno.Conn): AsyncIterator<Uint8Array, void> {
  // A hash is 64 bytes long: no reply has to be longer.
  return readFrames(conn, { maxLength: 64 });
}

/** Sends `payload` as one frame and returns its hash, if both agree on it. */
export async function send(
  conn: Deno.Conn,
  replies: AsyncIterator<Uint8Array, void>,
  name: string,
  payload: Uint8Array,
): Promise<string> {
  const expected = await sha256(payload);
  const reply = await exchange(conn, replies, payload, name);
  const hash = new TextDecoder().decode(reply);
  if (hash === expected) return hash;
  throw new SendError(
    `Wrong hash for ${name}: it is ${expected}, ` +
      `the server says "${printable(hash)}"`,
  );
}

async function exchange(
  conn: Deno.Conn,
  replies: AsyncIterator<Uint8Array, void>,
  payload: Uint8Array,
  name: string,
): Promise<Uint8Array> {
  try {
    await writeAll(conn, encodeFrame(payload));
    const { value } = await replies.next();
    if (value !== undefined) return value;
  } catch (error) {
    if (error instanceof FrameTooLongError) {
      throw new SendError(
        `Wrong answer to ${name}: ${error.message}. Is it a frames server?`,
      );
    }
    if (!isDisconnect(error) && !(error instanceof UnexpectedEofError)) {
      throw error;
    }
  }
  throw new SendError(
    `Server closed the connection without an answer to ${name}. ` +
      "Its own lines say why",
  );
}

/** Sends each file, or standard input if there is none. */
export async function sendAll(conn: Deno.Conn, names: string[]): Promise<void> {
  const replies = readReplies(conn);
  if (names.length === 0) {
    if (Deno.stdin.isTerminal()) {
      console.error("Type what to send. It ends with Ctrl+D (Windows: Ctrl+Z)");
    }
    const payload = await readPayload("-", Deno.stdin).catch((error) => {
      throw explainRead(error, "-");
    });
    await report("-", payload);
  }
  for (const name of names) await report(printable(name), await readFile(name));

  async function report(name: string, payload: Uint8Array): Promise<void> {
    const hash = await send(conn, replies, name, payload);
    console.log(`${name}  ${payload.length} bytes  ${hash}`);
  }
}

if (import.meta.main) {
  const { host: hostname, port, words } = flagsOrExit({
    command: "deno task frames-client",
    about:
      "Sends each file as one frame, and checks that it arrived unchanged.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(5007),
    },
    words: "[FILE...]",
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using conn = await Deno.connect(address);
    try {
      await sendAll(conn, words);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      console.error(error.message);
      Deno.exit(1);
    }
  }, {
    address,
    farewell: "\nClient exiting",
    server: "deno task frames-server",
  });
}

Deno.test("a payload up to the limit is read whole, one byte more is refused", async () => {
  const reader = (length: number): Reader => ({
    read(buffer) {
      const count = Math.min(3, length, buffer.length);
      length -= count;
      return Promise.resolve(count === 0 ? null : count);
    },
  });
  assertEquals((await readPayload("-", reader(8), 8)).length, 8);
  await assertRejects(
    () => readPayload("-", reader(9), 8),
    SendError,
    "- is over 8 bytes, too long for one frame",
  );
});

Deno.test("a hash that is not ours is told", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  await writeAll(server, encodeFrame(new TextEncoder().encode("nonsense")));
  await assertRejects(
    () => send(conn, readReplies(conn), "a.png", new Uint8Array([1])),
    SendError,
    'the server says "nonsense"',
  );
});
