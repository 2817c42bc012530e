/**
 * Broadcast server: what one says goes to everybody, through an outbox for each
 * client. One that does not read is let go of, and nobody waits for it.
 *
 * Run: deno task broadcast-server        Then, in other terminals: deno task chat-client --port 65435 --name Ada
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { hostFlag, listenPortFlag, wholeNumberFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  LineSplitter,
  LineTooLongError,
  MAX_LINE_LENGTH,
  readLines,
} from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { Outbox } from "../../lib/outbox.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";
import { because } from "./leaving.ts";
import { Pace } from "./pace.ts";
import { LINE_TOO_LONG, nameFrom, WELCOME } from "./protocol.ts";
import { Room } from "./room.ts";

/** How long, in milliseconds, a client that leaves is sent what it is owed. */
const LAST_WORDS_MS = 10_000;

/** The same when the server ends. */
const GRACE_MS = 2000;

/** About how many characters go out as one text at most. */
const MAX_TEXT_LENGTH = 16_384;

const encoder = new TextEncoder();

/** Options of {@linkcode serveRoom}. */
export interface RoomOptions {
  /** How many bytes may wait for one client. */
  maxBacklog: number;
  /** Ends the server. */
  signal: AbortSignal;
  /** Where the lines of the log go. */
  log?: (line: string) => void;
}

/** Serves one room to everybody who connects, until the signal. */
export async function serveRoom(
  listener: Deno.TcpListener,
  options: RoomOptions,
): Promise<void> {
  const { maxBacklog, signal } = options;
  const room = new Room(maxBacklog);
  const handle = (conn: Deno.TcpConn) => serveClient(conn, room, options);
  await serve(listener, handle, { signal, grace: GRACE_MS });
}

/** What the server knows of one client. */
interface Client {
  conn: Deno.TcpConn;
  /** Its `IP:PORT`. */
  peer: string;
  /** `undefined` until it has given one: then it is in the room. */
  name: string | undefined;
  outbox: Outbox;
  /** Why it is let go of, if it did not leave in order. */
  failure: unknown;
}

/** One client, from its welcome to its end. */
async function serveClient(
  conn: Deno.TcpConn,
  room: Room,
  { maxBacklog, signal, log = console.log }: RoomOptions,
): Promise<void> {
  const peer = formatAddress(conn.remoteAddr);
  const outbox = new Outbox(conn, {
    maxLength: maxBacklog,
    onFailure(error) {
      client.failure = error;
      // Close the connection. This ends the read below, and so everything.
      conn[Symbol.dispose]();
    },
  });
  const client: Client = {
    conn,
    peer,
    name: undefined,
    outbox,
    failure: undefined,
  };

  outbox.push(encoder.encode(WELCOME));
  try {
    conn.setNoDelay(); // Or a message could wait for the one before.
    await listenTo(client, room, log);
  } catch (error) {
    client.failure ??= error;
  }
  const { name, failure } = client;
  // When the server ends, nobody has left.
  if (!signal.aborted) {
    if (name !== undefined) room.leave(name, outbox);
    log(`${name ?? "Somebody"} left from ${peer}${because(failure)}`);
  }
  const refused = failure instanceof LineTooLongError;
  if (refused) outbox.push(encoder.encode(LINE_TOO_LONG));
  // It is out of the room, but still gets what it was told before.
  await outbox.close({ timeout: LAST_WORDS_MS });
  if (refused) await linger(conn);
}

/** Passes on what the client says, until it says no more. */
async function listenTo(
  client: Client,
  room: Room,
  log: (line: string) => void,
): Promise<void> {
  const { conn, peer, outbox } = client;
  const splitter = new LineSplitter();
  const buffer = new Uint8Array(4096);
  const pace = new Pace(room);
  while (!splitter.tooLong) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const lines = splitter.push(buffer.subarray(0, count));

    if (client.name === undefined) {
      const line = lines.shift();
      if (line === undefined) continue;
      client.name = nameFrom(line, peer);
      log(`${client.name} joined from ${peer}`);
      room.join(client.name, outbox);
    }
    for (const text of messages(client.name, lines)) {
      room.tell(text);
      await pace.keep(text.length);
    }
  }
  throw new LineTooLongError(MAX_LINE_LENGTH);
}

/**
 * The messages of one client, as everybody gets them. What one read has brought
 * is one text, and so one write to each client; unless it is very long.
 */
function* messages(name: string, lines: string[]): Generator<string> {
  let text = "";
  for (const line of lines) {
    text += `${name}: ${line}\n`;
    if (text.length > MAX_TEXT_LENGTH) {
      yield text;
      text = "";
    }
  }
  if (text !== "") yield text;
}

if (import.meta.main) {
  const { host: hostname, port, "max-backlog": maxBacklog } = flagsOrExit({
    command: "deno task broadcast-server",
    about: "What one client says goes to everybody; nobody waits for anybody.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(65435),
      "max-backlog": wholeNumberFlag(
        "bytes that may wait for a client before it is let go of",
        {
          default: 1024 * 1024,
          min: 256 * 1024, // The longest message has to fit in.
          max: 1024 * 1024 * 1024,
          placeholder: "BYTES",
        },
      ),
    },
  });
  const address = { hostname, port };

  await runProgram(async (signal) => {
    const listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveRoom(listener, { maxBacklog, signal });
  }, { address, farewell: "Server stopped", grace: GRACE_MS + 1000 });
}

Deno.test("what one says goes to everybody, but not to who has no name", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const log: string[] = [];
  const served = serveRoom(listener, {
    maxBacklog: 1_048_576,
    signal,
    log: (line) => log.push(line),
  });
  const { port } = listener.addr;
  const clients: Deno.TcpConn[] = [];
  const lines: AsyncIterator<string>[] = [];
  for (const sent of ["Ada\n", "", "Bob\nhi\nyou\n"]) {
    const conn = await Deno.connect({ port });
    const received = readLines(conn);
    await received.next(); // The welcome.
    await conn.write(encoder.encode(sent));
    if (sent !== "") await received.next(); // The hello.
    clients.push(conn);
    lines.push(received);
  }
  const next = async (index: number) => (await lines[index]?.next())?.value;
  assertEquals(await next(0), "Bob has joined the chat.");
  for (const index of [0, 2]) {
    assertEquals([await next(index), await next(index)], [
      "Bob: hi",
      "Bob: you",
    ]);
  }
  clients[2]?.close();
  assertEquals(await next(0), "Bob has left the chat.");
  stop.abort();
  assertEquals([await next(0), await next(1)], [undefined, undefined]);
  for (const index of [0, 1]) clients[index]?.close();
  await served;
  assertEquals(log.map((line) => line.split(" from ")[0]), [
    "Ada joined",
    "Bob joined",
    "Bob left",
  ]);
});
