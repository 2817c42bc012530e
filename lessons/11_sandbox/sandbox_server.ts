/**
 * Sandbox server: a chat to play with. Two framings, some commands, a limit on
 * silence, and other machines in the same network.
 *
 * Run: deno task sandbox-server        Then, in two more terminals: deno task sandbox-client
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { isDisconnect } from "../../lib/failures.ts";
import {
  type Flag,
  hostFlag,
  listenPortFlag,
  secondsFlag,
} from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { linger } from "../../lib/linger.ts";
import { Outbox, SlowPeerError } from "../../lib/outbox.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";
import { hear } from "./commands.ts";
import {
  type Framing,
  framingFlag,
  FRAMINGS,
  MAX_MESSAGE_LENGTH,
  MessageTooLongError,
} from "./framing.ts";
import { invitation } from "./invitation.ts";
import { type Member, Room } from "./room.ts";
import { StoppableReader } from "./stoppable_reader.ts";

/** How many clients may be connected, each with an outbox of up to 1 MiB. */
const MAX_CLIENTS = 500;

/** How much one client may say in one go, in bytes, and how long it then rests. */
const MAX_BURST = 64 * 1024;
const REST_MS = 250;

/** What a message costs the others besides its text: about so many bytes. */
const MESSAGE_COST = 100;

/** How long, in milliseconds, who leaves may read what it is owed. */
const LAST_WORDS_MS = 10_000;

/** Options of {@linkcode serveRoom}. */
export interface RoomOptions {
  /** Where a message ends. */
  framing: Framing;
  /** After how many seconds without a message a client has to go; 0 is never. */
  idleTimeout: number;
  /** Is aborted when the server stops. */
  signal: AbortSignal;
  /** Where the lines of the log go. */
  log: (line: string) => void;
}

/** One client, from its connection to its end. */
async function attend(
  conn: Deno.TcpConn,
  room: Room,
  { framing, idleTimeout, signal, log }: RoomOptions,
): Promise<void> {
  conn.setNoDelay(); // Every message at once, though the last is on its way.
  const peer = formatAddress(conn.remoteAddr);
  const reader = new StoppableReader(conn);
  let reason: string | undefined;
  function end(why: string): void {
    reason ??= why;
    reader.stop();
  }
  const outbox = new Outbox(conn, {
    onFailure: (error) =>
      end(
        error instanceof SlowPeerError
          ? "it does not read what it is sent"
          : "it reset the connection",
      ),
  });
  const member: Member = {
    peer,
    name: "",
    send: (message) => outbox.push(message),
    leave: () => end("it quit"),
  };

  // A limit on silence: the time until the next message, and a whole one. Who
  // sends a byte now and then has not said anything.
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  function startIdleTimer(): void {
    if (idleTimeout === 0) return;
    idleTimer = setTimeout(() => {
      room.tell(member, `No message from you for ${idleTimeout} s. Goodbye.`);
      end(`no message from it for ${idleTimeout} s`);
    }, idleTimeout * 1000);
  }

  try {
    startIdleTimer();
    let burst = 0;
    for await (const text of framing.read(reader, MAX_MESSAGE_LENGTH)) {
      clearTimeout(idleTimer);
      if (member.name === "") room.join(member, text);
      else hear(room, member, text);
      if (reader.stopped) break;

      // Who talks without end would fill the outboxes of all others. While we
      // do not read, its system holds it back, and nobody else.
      burst += text.length + MESSAGE_COST;
      if (burst > MAX_BURST) {
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        burst = 0;
      }
      startIdleTimer();
    }
  } catch (error) {
    if (error instanceof MessageTooLongError) {
      reason ??= "its message was too long";
      room.tell(member, `Message is longer than ${MAX_MESSAGE_LENGTH} bytes`);
    } else if (isDisconnect(error)) {
      reason ??= "it reset the connection";
    } else throw error;
  } finally {
    clearTimeout(idleTimer);
    room.leave(member);
    if (!signal.aborted) {
      log(
        `${member.name || peer} left: ${reason ?? "it closed the connection"}`,
      );
    }
  }
  // What it was told before it left, it may still read.
  if (await outbox.close({ timeout: LAST_WORDS_MS })) await linger(conn);
}

/** Serves one room to everybody who connects, until the signal. */
export async function serveRoom(
  listener: Deno.TcpListener,
  options: RoomOptions,
): Promise<void> {
  const { framing: { encode }, signal, log } = options;
  const room = new Room(encode, log);
  // Before `serve` hears of the signal, so that everybody is told.
  signal.addEventListener("abort", () => room.close());
  await serve(listener, (conn) => attend(conn, room, options), {
    signal,
    maxConnections: MAX_CLIENTS,
  });
}

/** Seconds, or 0 for never. */
function idleTimeoutFlag(): Flag<number> {
  const seconds = secondsFlag(
    "seconds without a message after which a client has to go, 0 is never",
    0,
  );
  return {
    ...seconds,
    expected: `${seconds.expected}, or 0`,
    parse: (value) => value === "0" ? 0 : seconds.parse(value),
  };
}

if (import.meta.main) {
  const flags = flagsOrExit({
    command: "deno task sandbox-server",
    about: "A chat to play with: framings, commands, limits, other machines.",
    flags: {
      host: hostFlag("address to listen on; 0.0.0.0 is all of them"),
      port: listenPortFlag(5003),
      framing: framingFlag,
      "idle-timeout": idleTimeoutFlag(),
    },
  });
  const address = { hostname: flags.host, port: flags.port };

  await runProgram(async (signal) => {
    const listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    for (const line of invitation(listener.addr, flags.framing)) {
      console.log(line);
    }
    await serveRoom(listener, {
      framing: FRAMINGS[flags.framing],
      idleTimeout: flags["idle-timeout"],
      signal,
      log: console.log,
    });
  }, { address, farewell: "Server stopped", grace: 2000 });
}
