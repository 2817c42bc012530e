/**
 * Sandbox client: type while messages come in, in either framing.
 *
 * Run: deno task sandbox-client        First, in another terminal: deno task sandbox-server
 *
 * @module
 */
import { writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { type Dialog, openDialog } from "../../lib/dialog.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag, textFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { TypedAheadError } from "../../lib/terminal_dialog.ts";
import {
  type Framing,
  framingFlag,
  FRAMINGS,
  MAX_MESSAGE_LENGTH,
  MessageTooLongError,
} from "./framing.ts";

/** The longest message from the server, in bytes: the answer to `/who`, say. */
const MAX_REPLY_LENGTH = 1024 * 1024;

/** How long to wait for a connection, in milliseconds. The system waits minutes. */
const CONNECT_MS = 10_000;

/** How long, in milliseconds, one who leaves hears what is still coming. */
const LAST_WORDS_MS = 2000;

/** There is no going on. The message says why, in one line. */
class ChatError extends Error {}

/** Connects, or throws `TimedOut` if nothing answers within `timeout` ms. */
export async function connect(
  address: { hostname: string; port: number },
  timeout = CONNECT_MS,
): Promise<Deno.TcpConn> {
  const signal = AbortSignal.timeout(timeout);
  try {
    return await Deno.connect({ ...address, signal });
  } catch (error) {
    if (signal.aborted) throw new Deno.errors.TimedOut();
    throw error;
  }
}

/** Prints what the server sends, until it closes. Returns how much that was. */
async function receive(
  conn: Deno.TcpConn,
  framing: Framing,
  dialog: Dialog,
): Promise<number> {
  let count = 0;
  try {
    for await (const text of framing.read(conn, MAX_REPLY_LENGTH)) {
      // Each is from strangers: none of them gets to clear our screen.
      dialog.print([printable(text)]);
      count++;
    }
  } catch (error) {
    if (error instanceof MessageTooLongError) {
      throw new ChatError(
        "The server's message does not end. Has it the same --framing?",
      );
    }
    if (!isDisconnect(error)) throw error;
  }
  return count;
}

/** Sends the name, if it is known already, and each line that is typed. */
async function send(
  conn: Deno.TcpConn,
  { encode }: Framing,
  dialog: Dialog,
  name: string,
): Promise<"left" | "gone"> {
  try {
    if (name !== "") await writeAll(conn, encode(name));
    for await (const line of dialog) {
      if (new TextEncoder().encode(line).length > MAX_MESSAGE_LENGTH) {
        throw new ChatError(
          `Line is longer than ${MAX_MESSAGE_LENGTH} bytes. Send it in parts`,
        );
      }
      await writeAll(conn, encode(line));
    }
    await conn.closeWrite(); // That is all from us. We still listen.
    return "left";
  } catch (error) {
    if (!isDisconnect(error)) throw error;
    return "gone";
  }
}

/** Sends and receives at the same time, until one side has left. */
async function chat(
  conn: Deno.TcpConn,
  framing: Framing,
  dialog: Dialog,
  name: string,
): Promise<void> {
  const received = receive(conn, framing, dialog);
  const sent = send(conn, framing, dialog, name);
  const first = await Promise.race([received, sent]);

  // What the server still has for us is printed too, but not for ever.
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), LAST_WORDS_MS);
  const count = await Promise.race([received, late]);
  clearTimeout(timer);
  dialog.close(); // From here on the terminal is as we found it.
  if (first === "left") return;
  if (count === 0) {
    throw new ChatError(
      "Server closed connection without a word. Has it the same --framing?",
    );
  }
  console.log("Server closed connection");
}

if (import.meta.main) {
  const { host: hostname, port, name, framing } = flagsOrExit({
    command: "deno task sandbox-client",
    about: "Sends each line you type, and prints what others say meanwhile.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(5003),
      name: textFlag("your name; you are asked for it if it is not given", {
        placeholder: "NAME",
        expected: "a name",
      }),
      framing: framingFlag,
    },
  });
  const address = { hostname, port };
  const here = /^(localhost|127\.|::1$)/.test(hostname);

  await runProgram(async (_signal, stop) => {
    using conn = await connect(address);
    const { promise: failure, reject } = Promise.withResolvers<never>();
    try {
      using dialog = openDialog({
        prompt: "> ",
        question: name === "" ? "Your name: " : undefined,
        onInterrupt: stop,
        onFailure: reject,
      });
      const chatted = chat(conn, FRAMINGS[framing], dialog, name);
      await Promise.race([chatted, failure]);
    } catch (error) {
      Deno.exitCode = 1;
      if (error instanceof ChatError) console.error(error.message);
      else if (error instanceof TypedAheadError) {
        console.error("The server does not take what you type");
      } else throw error;
    }
  }, {
    address,
    farewell: "\nClient exiting",
    // One that listens to its own machine alone refuses all others.
    server: `deno task sandbox-server${here ? "" : " --host 0.0.0.0"}`,
  });
  Deno.exit(); // The keyboard is still being read.
}
