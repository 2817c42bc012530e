/**
 * Lines client: type a line, see it come back with its number.
 *
 * Run: deno task lines-client        First, in another terminal: deno task lines-server
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { writeAll } from "../../lib/bytes.ts";
import { LineInput, printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  LineTooLongError,
  MAX_LINE_LENGTH,
  readLines,
} from "../../lib/lines.ts";
import { runProgram } from "../../lib/program.ts";

/** The lines that the server sends, one for each of ours. */
export function readReplies(conn: Deno.Conn): AsyncIterator<string, void> {
  // A reply is as long as the line it answers, and a number and ": " longer.
  return readLines(conn, { maxLength: MAX_LINE_LENGTH + 32 });
}

/**
 * Sends `line` and waits for the reply, which is one line, however many reads
 * that takes. Returns it, or `null` when the server closes the connection.
 */
export async function exchange(
  conn: Deno.Conn,
  replies: AsyncIterator<string, void>,
  line: string,
): Promise<string | null> {
  // The newline is what tells the server that the message ends here.
  await writeAll(conn, new TextEncoder().encode(`${line}\n`));
  const { value } = await replies.next();
  return value ?? null;
}

/** Sends each line that is typed, until an empty one. */
export async function talk(conn: Deno.Conn, input: LineInput): Promise<void> {
  // One for the whole connection: a read may bring a part of the next reply,
  // and that part is kept in here.
  const replies = readReplies(conn);
  while (true) {
    const line = await input.ask("Send (empty to quit): ");
    if (line === null) console.log(); // Ctrl+D: end the line of the question.
    if (line === null || line === "") return;

    try {
      const reply = await exchange(conn, replies, line);
      if (reply === null) return console.log("Server closed connection");
      console.log(`Received: ${printable(reply)}`);
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      console.error("The server's reply does not end. Is it a lines server?");
      Deno.exitCode = 1;
      return;
    }
  }
}

if (import.meta.main) {
  const { host: hostname, port } = flagsOrExit({
    command: "deno task lines-client",
    about: "Sends each line you type and prints the reply.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(5005),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using conn = await Deno.connect(address);
    try {
      await talk(conn, new LineInput());
    } catch (error) {
      if (!isDisconnect(error)) throw error;
      console.log("Server closed connection");
    }
  }, {
    address,
    farewell: "\nClient exiting",
    server: "deno task lines-server",
  });
}

Deno.test("keeps in step when replies come in parts, and merged", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  server.setNoDelay();
  const replies = readReplies(conn);
  const send = (text: string) =>
    writeAll(server, new TextEncoder().encode(text));

  const first = exchange(conn, replies, "one");
  await send("1: o");
  await send("ne\n2: tw"); // The second reply begins before its question.
  assertEquals(await first, "1: one");
  const second = exchange(conn, replies, "two");
  await send("o\n");
  assertEquals(await second, "2: two");
});

Deno.test("a reply that is cut short is no reply", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();

  const reply = exchange(conn, readReplies(conn), "hello");
  await writeAll(server, new TextEncoder().encode("1: hel"));
  await server.closeWrite();
  assertEquals(await reply, null);
});
