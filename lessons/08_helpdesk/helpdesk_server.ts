/**
 * Helpdesk server: sessions of many messages, each logged and acknowledged,
 * for any number of clients at once.
 *
 * Run: deno task helpdesk-server        Then, in a second terminal: deno task helpdesk-client
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { type Reader, writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag, wholeNumberFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  LineSplitter,
  LineTooLongError,
  MAX_LINE_LENGTH,
} from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";

const LF = 0x0a;

/**
 * Reads the messages of one session; those that one read completes come
 * together. A message ends at its newline. But text whose newline has not come
 * `idleMs` milliseconds after its last byte, or before the end of the stream,
 * counts as well; unless `idleMs` is 0.
 */
export async function* readMessages(
  reader: Reader,
  idleMs: number,
): AsyncGenerator<string[]> {
  // What the server knows of this client. Every session has its own.
  const splitter = new LineSplitter();
  const buffer = new Uint8Array(4096);
  let unfinished = false; // Whether text without its newline is waiting.

  let reading = reader.read(buffer);
  while (true) {
    const count: number | null | "late" = unfinished && idleMs > 0
      ? await orLate(reading, idleMs)
      : await reading;
    if (count === null || count === "late") {
      const text = idleMs > 0 ? splitter.finish() : null;
      if (text !== null) yield [text];
      if (count === null) return; // The client will send no more.
      unfinished = false;
      // The read cannot be taken back. It is still waiting, and the next bytes
      // go to it: a second read beside it would miss them. So keep this one.
      continue;
    }
    const messages = splitter.push(buffer.subarray(0, count));
    unfinished = buffer[count - 1] !== LF;
    if (messages.length > 0) yield messages;
    if (splitter.tooLong) throw new LineTooLongError(MAX_LINE_LENGTH);
    reading = reader.read(buffer);
  }
}

/** Waits for `reading`; or says "late" if it takes more than `ms` milliseconds. */
async function orLate<T>(reading: Promise<T>, ms: number): Promise<T | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ms);
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Logs and acknowledges every message of a session. */
export async function attend(conn: Deno.Conn, idleMs: number): Promise<void> {
  for await (const messages of readMessages(conn, idleMs)) {
    // One read may have brought several messages. Each gets its own answer.
    let replies = "";
    for (const text of messages) {
      const time = log(`Client: ${printable(text)}`);
      replies += `[ACK @${time}] ${text}\n`;
    }
    await writeAll(conn, new TextEncoder().encode(replies));
  }
}

/** Says that a line is too long, and that there will be no more. */
export async function refuse(conn: Deno.TcpConn): Promise<void> {
  await writeAll(conn, new TextEncoder().encode("ERROR: Line too long\n"));
  // The client may be sending still. To close on it at once would make the
  // system reset the connection, and the client could lose our answer.
  await linger(conn);
}

/** One client, from its connection to its end. */
async function serveClient(conn: Deno.TcpConn, idleMs: number): Promise<void> {
  const peer = formatAddress(conn.remoteAddr);
  log(`Connection from ${peer}`);
  let reason = "";
  try {
    await attend(conn, idleMs).catch((error) => {
      if (!(error instanceof LineTooLongError)) throw error;
      reason = ": its line was too long";
      return refuse(conn);
    });
  } catch (error) {
    if (!isDisconnect(error)) throw error;
    reason = ": it reset the connection";
  } finally {
    log(`Disconnected from ${peer}${reason}`);
  }
}

/** Prints a line of the log and returns its time, `HH:MM:SS` on our clock. */
function log(line: string): string {
  const time = new Date().toTimeString().slice(0, 8);
  console.log(`[SERVER] @${time} ${line}`);
  return time;
}

if (import.meta.main) {
  const { host: hostname, port, "idle-ms": idleMs } = flagsOrExit({
    command: "deno task helpdesk-server",
    about: "Logs and acknowledges every line, for any number of clients.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(5004),
      "idle-ms": wholeNumberFlag(
        "milliseconds after which text counts without its newline, 0 is never",
        { default: 200, min: 0, max: 60_000, placeholder: "MS" },
      ),
    },
  });
  const address = { hostname, port };

  await runProgram(async (signal) => {
    const listener = Deno.listen(address);
    console.log(`[SERVER] Listening on ${formatAddress(listener.addr)}`);
    // A task for every client; lesson 06 has built such a loop in the open.
    await serve(listener, (conn) => serveClient(conn, idleMs), { signal });
  }, { address, farewell: "[SERVER] Stopped", grace: 2000 });
}

/** A client, and the messages that the server reads from it. */
async function startSession(idleMs: number) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = await Deno.connect({ port: listener.addr.port });
  const conn = await listener.accept();
  const messages = readMessages(conn, idleMs);
  return {
    send: (text: string) => writeAll(client, new TextEncoder().encode(text)),
    next: async () => {
      const next = await orLate(messages.next(), 10_000);
      return next === "late" ? next : next.value;
    },
    [Symbol.dispose]() {
      client.close();
      conn.close();
    },
  };
}

Deno.test("three lines in one segment are three messages, and a fourth in time", async () => {
  using session = await startSession(60_000);
  await session.send("one\ntwo\nthree\nGood ");
  assertEquals(await session.next(), ["one", "two", "three"]);
  const fourth = session.next();
  await session.send("morning\n");
  assertEquals(await fourth, ["Good morning"]);
});

Deno.test("text without its newline counts after a while, and nothing is lost", async () => {
  using session = await startSession(10);
  for (const text of ["one", "two", "three"]) {
    await session.send(text);
    assertEquals(await session.next(), [text]);
  }
});

Deno.test("a line that comes in halves is cut in two: the price of the patch", async () => {
  using session = await startSession(10);
  await session.send("Good ");
  assertEquals(await session.next(), ["Good "]);
  await session.send("morning\n");
  assertEquals(await session.next(), ["morning"]);
});

Deno.test("what a refused client still sends is taken, so that it gets its answer", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await Deno.connect({ port: listener.addr.port });
  using conn = await listener.accept();
  const sent = writeAll(client, new Uint8Array(300_000))
    .then(() => client.closeWrite());
  await refuse(conn);
  // Nothing is left unread, for which a close would reset the connection.
  assertEquals(await conn.read(new Uint8Array(1)), null);
  await sent;
});
