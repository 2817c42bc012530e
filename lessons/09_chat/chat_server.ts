/**
 * Chat server: what one client says, all others read. The first line that a
 * client sends is its nickname.
 *
 * Run: deno task chat-server        Then, in two more terminals: deno task chat-client
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { type Reader, writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  LineSplitter,
  LineTooLongError,
  MAX_LINE_LENGTH,
  readLines,
} from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { Outbox, SlowPeerError } from "../../lib/outbox.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";
import { nickname, Room } from "./room.ts";

/** How many bytes one client may say before it has to wait for the others. */
const MAX_BURST = 64 * 1024;

/** How long, in milliseconds, it then waits for them at most. */
const PATIENCE = 200;

/** How long, in milliseconds, somebody who leaves is sent what it is owed. */
const FAREWELL = 10_000;

/**
 * Reads lines until the stream ends; those that one read completes come
 * together. There may be several, or half of one, whatever was sent how.
 */
async function* readMessages(reader: Reader): AsyncGenerator<string[]> {
  const splitter = new LineSplitter();
  const buffer = new Uint8Array(1024);
  for (let count; (count = await reader.read(buffer)) !== null;) {
    const lines = splitter.push(buffer.subarray(0, count));
    if (lines.length > 0) yield lines;
    if (splitter.tooLong) throw new LineTooLongError(MAX_LINE_LENGTH);
  }
}

/** Options of {@linkcode attend}. */
export interface AttendOptions {
  /** Is aborted when the server stops. */
  signal?: AbortSignal;
  /** Where the lines of the log go. */
  log?: (line: string) => void;
}

/** One client, from its nickname to its end. It leaves `conn` to be closed. */
export async function attend(
  conn: Deno.TcpConn,
  room: Room,
  { signal, log = console.log }: AttendOptions = {},
): Promise<void> {
  const peer = formatAddress(conn.remoteAddr);
  let failure: unknown; // Why the outbox can send no more.
  const outbox = new Outbox(conn, {
    onFailure(error) {
      failure = error;
      conn[Symbol.dispose](); // The read below ends, with an error.
    },
  });
  let name: string | undefined; // None yet: nobody knows of this client.
  let reason = "it closed the connection";
  let burst = 0;
  try {
    for await (const lines of readMessages(conn)) {
      // The first line is the name. What stands behind it are messages. They
      // may have come with it in one read, so what is left is not thrown away.
      if (name === undefined) {
        name = room.join(nickname(lines.shift() ?? "") || peer, outbox);
        log(`${name} joined from ${peer}`);
        room.tell(`SERVER: ${name} has joined the chat.\n`, name);
      }
      const exit = lines.findIndex((line) => /^EXIT$/i.test(line.trim()));
      const texts = exit === -1 ? lines : lines.slice(0, exit);
      if (texts.length > 0) {
        log(texts.map((text) => `${name}: ${printable(text)}`).join("\n"));
        const said = texts.map((text) => `${name}: ${text}\n`).join("");
        burst += room.tell(said, name);
      }
      if (exit !== -1) {
        outbox.push(new TextEncoder().encode("DONE\n"));
        reason = "it said EXIT";
        break;
      }
      if (burst > MAX_BURST) {
        // Somebody who talks without end could fill the queues of all others
        // faster than they read. As long as we do not read from this client,
        // TCP holds it back, and nobody else.
        await room.catchUp(PATIENCE);
        burst = 0;
      }
    }
    if (signal?.aborted) reason = "the server stopped";
  } catch (error) {
    const why = explain(failure ?? error);
    reason = why ?? "an error of this server";
    if (why === undefined) throw error;
    if (error instanceof LineTooLongError) {
      outbox.push(new TextEncoder().encode("ERROR: Line too long\n"));
    }
  } finally {
    // However it ended, from here on nobody talks to this client any more.
    if (name !== undefined) {
      room.leave(name);
      if (!signal?.aborted) {
        room.tell(`SERVER: ${name} has left the chat.\n`, name);
      }
    }
    log(`${name ?? peer} left: ${reason}`);
  }
  // But what it has been told before may still be on its way.
  if (await outbox.close({ timeout: FAREWELL })) await linger(conn);
}

/** Why a client left, or `undefined` for what should not happen: a bug. */
function explain(error: unknown): string | undefined {
  if (error instanceof SlowPeerError) return "it does not read what it is sent";
  if (error instanceof LineTooLongError) return "its line was too long";
  if (isDisconnect(error)) return "it reset the connection";
}

if (import.meta.main) {
  const { host: hostname, port } = flagsOrExit({
    command: "deno task chat-server",
    about: "Passes on what one client says to all others.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(65_433),
    },
  });
  const address = { hostname, port };

  await runProgram(async (signal) => {
    const listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    const room = new Room();
    // A task for every client; lesson 06 has built such a loop in the open.
    await serve(listener, (conn) => attend(conn, room, { signal }), { signal });
  }, { address, farewell: "Server stopped", grace: 2000 });
}

/** A room on a free port, and clients that have joined it. */
function startRoom() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const { signal } = stop;
  const room = new Room();
  let joined = Promise.withResolvers<void>();
  const log = (line: string) => {
    if (line.includes(" joined from ")) joined.resolve();
  };
  const served = serve(
    listener,
    (conn) => attend(conn, room, { signal, log }),
    { signal },
  );
  return {
    async connect(text: string) {
      joined = Promise.withResolvers();
      const conn = await Deno.connect({ port: listener.addr.port });
      const lines = readLines(conn);
      await writeAll(conn, new TextEncoder().encode(text));
      await joined.promise;
      return {
        line: async () => (await lines.next()).value ?? null,
        [Symbol.dispose]: () => conn.close(),
      };
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await served;
    },
  };
}

Deno.test("lines that come in one segment with the nickname are messages", async () => {
  await using room = startRoom();
  using ann = await room.connect("Ann\n");
  using _ = await room.connect("Bob\nhi\nfolks\n");
  assertEquals(await ann.line(), "SERVER: Bob has joined the chat.");
  assertEquals(await ann.line(), "Bob: hi");
  assertEquals(await ann.line(), "Bob: folks");
});

Deno.test("EXIT gets DONE and the end, and the others are told", async () => {
  await using room = startRoom();
  using ann = await room.connect("Ann\n");
  using bob = await room.connect("Bob\n exit \nnot said\n");
  assertEquals(await bob.line(), "DONE");
  assertEquals(await bob.line(), null);
  assertEquals(await ann.line(), "SERVER: Bob has joined the chat.");
  assertEquals(await ann.line(), "SERVER: Bob has left the chat.");
});
