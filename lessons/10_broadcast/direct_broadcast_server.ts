/**
 * Direct broadcast server: the same protocol, but it writes to each client in
 * turn and waits for each. One that does not read stops everybody, until the
 * deadline of the write.
 *
 * Run: deno task direct-broadcast-server        Then, in other terminals: deno task chat-client --port 65436 --name Ada
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { hostFlag, listenPortFlag, secondsFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { LineTooLongError, readLines } from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";
import { because } from "./leaving.ts";
import {
  hello,
  joined,
  left,
  LINE_TOO_LONG,
  nameFrom,
  WELCOME,
} from "./protocol.ts";

const encoder = new TextEncoder();

/** How long, in milliseconds, what is being sent may take at the end. */
const GRACE_MS = 2000;

/** Options of {@linkcode serveDirectly}. */
export interface DirectOptions {
  /** How long one write may take, in milliseconds. */
  writeTimeout: number;
  /** Ends the server. */
  signal: AbortSignal;
  /** Where the lines of the log go. */
  log?: (line: string) => void;
}

/** What the server knows of one client. */
interface Client {
  conn: Deno.TcpConn;
  /** `undefined` until it has given one. */
  name: string | undefined;
  /** Why it is let go of, if it did not leave in order. */
  failure: unknown;
}

/** Everybody who has a name, and one lock around all that is sent to them. */
class DirectRoom {
  readonly #members = new Set<Client>();
  readonly #writeTimeout: number;
  /** Ends when nobody holds the lock any more. */
  #free: Promise<void> = Promise.resolve();

  constructor(writeTimeout: number) {
    this.#writeTimeout = writeTimeout;
  }

  join(client: Client, name: string): Promise<void> {
    return this.#locked(async () => {
      await this.send(client, hello(name));
      await this.#sendToAll(joined(name));
      this.#members.add(client);
    });
  }

  leave(client: Client, name: string): Promise<void> {
    return this.#locked(async () => {
      this.#members.delete(client);
      await this.#sendToAll(left(name));
    });
  }

  tell(text: string): Promise<void> {
    return this.#locked(() => this.#sendToAll(text));
  }

  /**
   * Does `work` when all that came before it is done. Without this, two
   * broadcasts would mix: each waits in its middle, and the other goes on. But
   * while one waits for a client that does not read, nobody can say anything,
   * join or leave.
   */
  #locked(work: () => Promise<void>): Promise<void> {
    const done = this.#free.then(work);
    this.#free = done.catch(() => {}); // The next one does not mind.
    return done;
  }

  /** Writes to one client after the other. Whoever calls it has the lock. */
  async #sendToAll(text: string): Promise<void> {
    for (const member of this.#members) {
      try {
        await this.send(member, text);
      } catch (error) {
        this.#members.delete(member);
        member.failure ??= error;
        // Its task notices, because its read fails now, and calls `leave`. We
        // must not call it here and wait: it takes the lock, and we have that.
        member.conn[Symbol.dispose]();
      }
    }
  }

  /** Writes to one client, and waits until the system has taken it all. */
  async send(client: Client, text: string): Promise<void> {
    // A write that waits cannot be taken back. To close the connection ends it.
    const timer = setTimeout(() => {
      client.failure = new Deno.errors.TimedOut("It did not read in time");
      client.conn[Symbol.dispose]();
    }, this.#writeTimeout);
    try {
      await writeAll(client.conn, encoder.encode(text));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Serves one room to everybody who connects, until the signal. */
export async function serveDirectly(
  listener: Deno.TcpListener,
  options: DirectOptions,
): Promise<void> {
  const { writeTimeout, signal } = options;
  const room = new DirectRoom(writeTimeout);
  const handle = (conn: Deno.TcpConn) => serveClient(conn, room, options);
  await serve(listener, handle, { signal, grace: GRACE_MS });
}

/** One client, from its welcome to its end. */
async function serveClient(
  conn: Deno.TcpConn,
  room: DirectRoom,
  { signal, log = console.log }: DirectOptions,
): Promise<void> {
  const peer = formatAddress(conn.remoteAddr);
  const client: Client = { conn, name: undefined, failure: undefined };
  try {
    conn.setNoDelay(); // Or a message could wait for the one before.
    await room.send(client, WELCOME);
    for await (const line of readLines(conn)) {
      if (client.name === undefined) {
        const name = nameFrom(line, peer);
        await room.join(client, name);
        client.name = name; // Who could not be greeted has not joined.
        log(`${name} joined from ${peer}`);
      } else {
        await room.tell(`${client.name}: ${line}\n`);
      }
    }
  } catch (error) {
    client.failure ??= error;
  }
  const { name, failure } = client;
  // When the server ends, nobody has left.
  if (!signal.aborted) {
    log(`${name ?? "Somebody"} left from ${peer}${because(failure)}`);
    if (name !== undefined) await room.leave(client, name);
  }
  if (failure instanceof LineTooLongError) {
    const told = room.send(client, LINE_TOO_LONG).then(() => linger(conn));
    await told.catch(() => {}); // It may be gone by now.
  }
}

if (import.meta.main) {
  const flags = flagsOrExit({
    command: "deno task direct-broadcast-server",
    about: "What one client says goes to everybody, to one after the other.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(65436),
      "write-timeout": secondsFlag("how long to wait for a client to read", 5),
    },
  });
  const address = { hostname: flags.host, port: flags.port };
  const writeTimeout = flags["write-timeout"] * 1000;

  await runProgram(async (signal) => {
    const listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveDirectly(listener, { writeTimeout, signal });
  }, { address, farewell: "Server stopped", grace: GRACE_MS + 1000 });
}

Deno.test("one that does not read is waited for, and then let go of", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const log: string[] = [];
  const served = serveDirectly(listener, {
    writeTimeout: 1000,
    signal,
    log: (line) => log.push(line),
  });
  const { port } = listener.addr;
  const sleeper = await Deno.connect({ port });
  await writeAll(sleeper, encoder.encode("Sleeper\n"));
  using talker = await Deno.connect({ port });
  await writeAll(talker, encoder.encode("Ada\n"));
  const text = "x".repeat(60_000);
  const said = (async () => {
    // Until the buffers are full, of the system and of the sleeper.
    while (log.length < 3) {
      await writeAll(talker, encoder.encode(`${text}\n`));
    }
    await talker.closeWrite();
  })();
  const heard = await Array.fromAsync(readLines(talker));
  await said;
  assertEquals(heard.filter((line) => line !== `Ada: ${text}`), [
    "Welcome! Enter your name:",
    "Hello Ada! You can chat now.",
    "Sleeper has left the chat.",
  ]);
  const { port: itsPort } = sleeper.localAddr as Deno.NetAddr;
  assertEquals(
    log[2],
    `Sleeper left from 127.0.0.1:${itsPort}: it was too slow to read`,
  );
  sleeper.close();
  stop.abort();
  await served;
});
