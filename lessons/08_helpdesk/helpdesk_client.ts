/**
 * Helpdesk client: three messages in one session, or those that you type.
 *
 * Run: deno task helpdesk-client        First, in another terminal: deno task helpdesk-server
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { writeAll } from "../../lib/bytes.ts";
import { LineInput, printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import {
  connectPortFlag,
  hostFlag,
  secondsFlag,
  switchFlag,
} from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";

const MESSAGES = [
  "Hello, can you help?",
  "I have a problem with my account",
  "Thank you, goodbye",
];

/** The longest reply that is waited for, in characters. */
const MAX_REPLY_LENGTH = 1024 * 1024;

/** A message was sent, and no acknowledgement has come. */
export class UnansweredError extends Error {}

/**
 * Whether `reply` is all that the server has to say about `text`.
 *
 * Our server ends a reply with a newline. Another one answers whatever a read
 * has brought, and may send none: there the reply ends with our own text,
 * which we know. If the newline comes after that, it stands in front of the
 * next reply, where `exchange` drops it.
 *
 * The server of the exercise has one more answer: to HISTORY some lines, the
 * last of which is END.
 */
export function isComplete(reply: string, text: string): boolean {
  if (text === "HISTORY" && /^\d+: |^END/.test(reply)) {
    return reply === "END\n" || reply.endsWith("\nEND\n");
  }
  return reply.endsWith(`] ${text}`) || reply.endsWith(`] ${text}\n`);
}

/** Sends `text` as a line and returns the reply to it. */
export async function exchange(conn: Deno.Conn, text: string): Promise<string> {
  await writeAll(conn, new TextEncoder().encode(`${text}\n`));
  // That the write has ended says that our system has the text. Whether the
  // server has read it, only its answer says.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(4096);
  let reply = "";
  while (!isComplete(reply, text)) {
    const count = await conn.read(buffer);
    if (count === null) {
      const last = printable(reply.trimEnd());
      throw new UnansweredError(
        `Server closed connection${last && ` after: ${last}`}`,
      );
    }
    reply += decoder.decode(buffer.subarray(0, count), { stream: true });
    if (reply.startsWith("\n")) reply = reply.slice(1);
    if (reply.length > MAX_REPLY_LENGTH) {
      throw new UnansweredError("Server sent too much");
    }
  }
  return reply.endsWith("\n") ? reply.slice(0, -1) : reply;
}

/** The same, but it waits no longer than `seconds`. */
export async function ask(
  conn: Deno.Conn,
  text: string,
  seconds: number,
): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new UnansweredError("Server did not respond in time")),
    seconds * 1000,
  );
  try {
    // If the timer wins, a read is left behind that would swallow a reply that
    // comes after all. Here that is no harm: the connection is closed then.
    return await Promise.race([exchange(conn, text), late]);
  } catch (error) {
    if (!isDisconnect(error)) throw error;
    throw new UnansweredError("Server closed connection");
  } finally {
    clearTimeout(timer);
  }
}

/** The lines that are typed, until an empty one. */
async function* typed(input: LineInput): AsyncGenerator<string> {
  while (true) {
    const line = await input.ask("Message (empty to leave): ");
    if (line === null) console.log(); // Ctrl+D: end the line of the question.
    // In front of a newline a CR is a part of the line end, not of the text.
    const text = (line ?? "").replace(/\r+$/, "");
    if (text === "") return;
    yield text;
  }
}

if (import.meta.main) {
  const { host: hostname, port, timeout, interactive } = flagsOrExit({
    command: "deno task helpdesk-client",
    about: "Sends three messages, or those that you type, and prints replies.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(5004),
      timeout: secondsFlag("how long to wait for a reply", 5),
      interactive: switchFlag("send the lines that you type"),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using conn = await Deno.connect(address);
    try {
      const messages = interactive ? typed(new LineInput()) : MESSAGES;
      for await (const text of messages) {
        const reply = await ask(conn, text, timeout);
        for (const line of reply.split("\n")) {
          console.log(`[CLIENT] ${printable(line)}`);
        }
      }
    } catch (error) {
      if (!(error instanceof UnansweredError)) throw error;
      console.error(`[CLIENT] ${error.message}`);
      Deno.exitCode = 1; // 0 says that every message was acknowledged.
    }
  }, {
    address,
    farewell: "\n[CLIENT] Exiting",
    server: "deno task helpdesk-server",
  });
}

Deno.test("a reply is complete with our text, with or without a newline", () => {
  assertEquals(isComplete("[ACK @12:00:00] hel", "hello"), false);
  assertEquals(isComplete("[ACK @12:00:00] hello", "hello"), true);
  assertEquals(isComplete("[ACK @12:00:00] hello\n", "hello"), true);
});

Deno.test("a newline that comes late does not spoil the next reply", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  await writeAll(server, new TextEncoder().encode("[ACK @12:00:00] one"));
  assertEquals(await ask(conn, "one", 10), "[ACK @12:00:00] one");
  await writeAll(server, new TextEncoder().encode("\n[ACK @12:00:01] two\n"));
  assertEquals(await ask(conn, "two", 10), "[ACK @12:00:01] two");
});
