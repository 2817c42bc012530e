/**
 * Chat client: type while messages come in.
 *
 * Run: deno task chat-client        First, in another terminal: deno task chat-server
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { type Dialog, openDialog, TypedAheadError } from "../../lib/dialog.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag, textFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { LineSplitter, MAX_LINE_LENGTH, readLines } from "../../lib/lines.ts";
import { runProgram } from "../../lib/program.ts";

/** How long, in milliseconds, somebody who leaves hears what still comes. */
const FAREWELL = 2000;

/** There is no going on with this server. The message says why, in one line. */
class ServerError extends Error {}

/** Prints what the server sends, whole lines only, until it closes. */
async function receive(conn: Deno.Conn, dialog: Dialog): Promise<void> {
  // Others' lines come behind their names, so they may be longer than ours; and
  // a byte that is no text has become U+FFFD on its way, which is three.
  const splitter = new LineSplitter({ maxLength: 3 * MAX_LINE_LENGTH + 1024 });
  const buffer = new Uint8Array(16_384);
  while (true) {
    // Here this task waits for the server. The other one goes on meanwhile.
    const count = await conn.read(buffer);
    if (count === null) return;

    // A read may bring many lines, or half of one, which waits for its end.
    // They come from strangers: none of them gets to clear our screen.
    const lines = splitter.push(buffer.subarray(0, count));
    dialog.print(lines.map(printable));
    if (splitter.tooLong) {
      throw new ServerError(
        "The server's line does not end. Is it a chat server?",
      );
    }
  }
}

/** Sends what is typed, a line at a time, until no more will be typed. */
async function send(
  conn: Deno.Conn,
  dialog: Dialog,
  name: string,
): Promise<void> {
  const encoder = new TextEncoder();
  // To the server it is a line like any other, but the first one is the name.
  if (name !== "") await writeAll(conn, encoder.encode(`${name}\n`));

  // Here this task waits for the keyboard.
  for await (const line of dialog) {
    await writeAll(conn, encoder.encode(`${line}\n`));
  }
}

/**
 * Receives and sends at the same time: two tasks, neither of which waits for
 * the other. Returns when the server has closed the connection, or a little
 * after the end of what is typed. Returns whether it was we who left.
 *
 * If `name` is empty, the first line that is typed is the name.
 */
export async function chat(
  conn: Deno.TcpConn,
  dialog: Dialog,
  name: string,
): Promise<boolean> {
  let leaving = false;
  // A reset and an end come to the same: the server has gone.
  const ignoreDisconnect = (error: unknown) => {
    if (!isDisconnect(error)) throw error;
  };
  const received = receive(conn, dialog).catch(ignoreDisconnect);
  const sent = send(conn, dialog, name).then(() => {
    leaving = true;
    return conn.closeWrite(); // That is all from us. We still listen.
  }).catch(ignoreDisconnect);
  await Promise.race([received, sent]);

  // What the server still has for us is printed too, but not for ever.
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FAREWELL);
  await Promise.race([received, late]);
  clearTimeout(timer);
  return leaving;
}

/** The command that starts the server on each port of the course. */
const SERVERS: Record<number, string> = {
  65_435: "deno task broadcast-server",
  65_436: "deno task direct-broadcast-server",
};

if (import.meta.main) {
  const { host: hostname, port, name } = flagsOrExit({
    command: "deno task chat-client",
    about: "Sends each line you type, and prints what others say meanwhile.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(65_433),
      name: textFlag("your nickname; you are asked for it if it is not given", {
        placeholder: "NAME",
        expected: "a name",
      }),
    },
  });
  const address = { hostname, port };

  await runProgram(async (_signal, stop) => {
    using conn = await Deno.connect(address);
    const { promise: failure, reject } = Promise.withResolvers<never>();
    try {
      using dialog = openDialog({
        prompt: "> ",
        question: name === "" ? "Your name: " : undefined,
        onInterrupt: stop,
        onFailure: reject,
      });
      const leaving = await Promise.race([chat(conn, dialog, name), failure]);
      dialog.close(); // From here on the terminal is as we found it.
      if (!leaving) console.log("Server closed connection");
    } catch (error) {
      Deno.exitCode = 1;
      if (error instanceof ServerError) console.error(error.message);
      else if (error instanceof TypedAheadError) {
        console.error("The server does not take what you type");
      } else throw error;
    }
  }, {
    address,
    farewell: "\nClient exiting",
    server: SERVERS[port] ?? "deno task chat-server",
  });
  Deno.exit(); // The keyboard is still being read.
}

/** A dialog with somebody who types `typed`, and sees each line of `print`. */
function dialogOf(
  typed: AsyncIterable<string>,
  print: (line: string) => void,
): Dialog {
  return {
    [Symbol.asyncIterator]: () => typed[Symbol.asyncIterator](),
    print: (lines) => Array.from(lines).forEach(print),
    close() {},
    [Symbol.dispose]() {},
  };
}

Deno.test("receives while nothing is typed, and sends what is typed then", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  const printed: string[] = [];
  const heard = Promise.withResolvers<void>();
  async function* type() {
    yield "hi";
    await heard.promise;
    yield "how are you?";
  }
  const dialog = dialogOf(type(), (line) => {
    if (printed.push(line) === 2) heard.resolve();
  });

  const lines = readLines(server);
  const chatted = chat(conn, dialog, "Ada");
  assertEquals((await lines.next()).value, "Ada");
  assertEquals((await lines.next()).value, "hi");
  await writeAll(server, new TextEncoder().encode("Bob: Hel"));
  await writeAll(server, new TextEncoder().encode("lo\nBob: \x1b[2J\n"));
  assertEquals((await lines.next()).value, "how are you?");
  assertEquals((await lines.next()).done, true);
  await server.closeWrite();
  assertEquals(await chatted, true);
  assertEquals(printed, ["Bob: Hello", "Bob: \\x1b[2J"]);
});

Deno.test("a server that leaves is told from one that is left", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  // Nothing is typed, and the end is not either.
  const chatted = chat(conn, dialogOf(new ReadableStream(), () => {}), "Ada");
  await server.closeWrite();
  assertEquals(await chatted, false);
});
