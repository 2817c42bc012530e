/**
 * Frames server: it answers every frame with the hash of what is in it, for
 * many clients at once.
 *
 * Run: deno task frames-server        Then, in a second terminal:
 *      deno task frames-client lessons/04_frames/picture.png
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { UnexpectedEofError, writeAll } from "../../lib/bytes.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag, wholeNumberFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  encodeFrame,
  FrameTooLongError,
  MAX_FRAME_LENGTH,
  readFrames,
} from "../../lib/frames.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";
import { sha256 } from "./sha256.ts";

/** Answers each frame with the hash of its payload, until no more will come. */
export async function answerFrames(
  conn: Deno.TcpConn,
  log: (line: string) => void,
  maxLength = MAX_FRAME_LENGTH,
): Promise<void> {
  // readFrames reads the 4 bytes of the length, and then as many as they say.
  for await (const payload of readFrames(conn, { maxLength })) {
    const hash = await sha256(payload);
    log(`${payload.length} bytes  ${hash}`);
    // The reply is a frame too: 64 bytes of text, with their length in front.
    await writeAll(conn, encodeFrame(new TextEncoder().encode(hash)));
  }
}

/** Serves everybody who connects until `signal`, and logs who comes and goes. */
export function serveFrames(
  listener: Deno.TcpListener,
  maxLength: number,
  signal: AbortSignal,
  log: (line: string) => void = console.log,
): Promise<void> {
  return serve(listener, async (conn) => {
    const peer = formatAddress(conn.remoteAddr);
    log(`Connected by ${peer}`);
    let reason = "";
    try {
      conn.setNoDelay(); // Each reply at once, though the last is on its way.
      await answerFrames(conn, (line) => log(`[${peer}] ${line}`), maxLength);
    } catch (error) {
      // Each of these is the end of this client, and nothing to anybody else.
      if (error instanceof FrameTooLongError) {
        reason = `, its frame of ${error.length} bytes is over ${maxLength}`;
      } else if (error instanceof UnexpectedEofError) {
        const { received, expected } = error;
        reason = `, in a frame after ${received} of ${expected} bytes`;
      } else if (isDisconnect(error)) {
        reason = ", it reset the connection";
      } else throw error;
    } finally {
      // When this server ends, it is not the client who goes.
      if (!signal.aborted) log(`Client disconnected: ${peer}${reason}`);
    }
  }, { signal });
}

if (import.meta.main) {
  const { host: hostname, port, "max-frame": maxLength } = flagsOrExit({
    command: "deno task frames-server",
    about: "Answers every frame with the SHA-256 of what is in it.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(5007),
      "max-frame": wholeNumberFlag("longest payload in bytes", {
        default: MAX_FRAME_LENGTH,
        min: 0,
        max: MAX_FRAME_LENGTH,
        placeholder: "BYTES",
      }),
    },
  });
  const address = { hostname, port };

  await runProgram(async (signal) => {
    using listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveFrames(listener, maxLength, signal);
  }, { address, farewell: "Server stopped", grace: 2000 });
}

/** What a client reads that sends `bytes` and no more; and the server's log. */
async function replyTo(bytes: Uint8Array, maxLength: number) {
  const stop = new AbortController();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const lines: string[] = [];
  const served = serveFrames(
    listener,
    maxLength,
    stop.signal,
    (line) => lines.push(line.replace(/:\d+/, "")),
  );
  using client = await Deno.connect({ port });
  await writeAll(client, bytes);
  await client.closeWrite();
  const reply = await new Response(client.readable).text();
  stop.abort();
  await served;
  return { reply, last: lines.at(-1) };
}

Deno.test("a frame of no bytes is answered with the hash of nothing", async () => {
  const { reply } = await replyTo(new Uint8Array(4), 0);
  assertEquals(
    reply,
    "\0\0\0\x40e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

Deno.test("a frame over the limit ends the connection, unread", async () => {
  assertEquals(await replyTo(new Uint8Array([0, 0, 1, 1]), 256), {
    reply: "",
    last: "Client disconnected: 127.0.0.1, its frame of 257 bytes is over 256",
  });
});

Deno.test("the log says how much of a frame was there when the end came", async () => {
  assertEquals(await replyTo(new Uint8Array([0, 0, 0, 9, 1, 2]), 256), {
    reply: "",
    last: "Client disconnected: 127.0.0.1, in a frame after 2 of 9 bytes",
  });
});
