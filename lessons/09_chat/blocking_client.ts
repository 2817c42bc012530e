/**
 * Blocking chat client: a chat client as one writes it first, with `prompt()`.
 * What others say appears only after Enter.
 *
 * Run: deno task blocking-client        First, in another terminal: deno task chat-server
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag, textFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { LineTooLongError, readLines } from "../../lib/lines.ts";
import { runProgram } from "../../lib/program.ts";

/** How long, in milliseconds, all else may run after each Enter. */
const BREATH = 200;

/** The longest line that is taken: a name and a message of 65 536 bytes fit in. */
const MAX_LINE_LENGTH = 1024 * 1024;

/** What the person who types is asked, and what is shown to them. */
export interface Terminal {
  /** Waits for a line; `null` is Ctrl+D or Ctrl+C. `prompt` is one. */
  ask(question: string): string | null;
  print(line: string): void;
}

/** Sends each line that is typed, until an empty one or the server's end. */
export async function chat(
  conn: Deno.Conn,
  name: string,
  { ask, print }: Terminal,
): Promise<void> {
  // Both are started, not awaited. They could do their work at any time, if
  // anything else but prompt() could run.
  let ending: string | undefined;
  receive(conn, print).then((words) => ending = words);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1000);

  try {
    await send(conn, name);
    while (true) {
      // Now all else may run: what has come is printed.
      await new Promise((resolve) => setTimeout(resolve, BREATH));
      if (ending !== undefined) return print(ending);

      const before = ticks;
      const start = performance.now();
      // The only thread of this program waits for the keyboard. Meanwhile
      // nothing is received, no timer fires, and no signal is heard.
      const text = ask(`${name}>`);
      if (text === null || text === "") return;
      const seconds = Math.floor((performance.now() - start) / 1000);
      print(
        `(at the prompt for ${seconds} s, ` +
          `in which a timer for each second fired ${ticks - before} times)`,
      );
      await send(conn, text);
    }
  } finally {
    clearInterval(timer);
  }
}

/** Prints each line that comes from the server. Returns why there is no more. */
async function receive(
  conn: Deno.Conn,
  print: (line: string) => void,
): Promise<string> {
  try {
    const options = { maxLength: MAX_LINE_LENGTH };
    for await (const line of readLines(conn, options)) print(printable(line));
  } catch (error) {
    if (error instanceof LineTooLongError) {
      return `${error.message}. This is no chat server`;
    }
    // We are interrupted if the person leaves and the connection is closed.
    const interrupted = error instanceof Deno.errors.Interrupted;
    if (!interrupted && !isDisconnect(error)) throw error;
  }
  return "Server closed connection";
}

/** Sends a line. Whether the server is still there, `receive` finds out. */
async function send(conn: Deno.Conn, text: string): Promise<void> {
  try {
    await writeAll(conn, new TextEncoder().encode(`${text}\n`));
  } catch (error) {
    if (!isDisconnect(error)) throw error;
  }
}

if (import.meta.main) {
  const { host: hostname, port, name } = flagsOrExit({
    command: "deno task blocking-client",
    about: "A chat client that can do only one thing at a time.",
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

  await runProgram(async () => {
    using conn = await Deno.connect(address);
    if (!Deno.stdin.isTerminal()) {
      console.error(
        "prompt() asks at a terminal, and this input is none. " +
          "Start it in a terminal, or take: deno task chat-client",
      );
      Deno.exit(1);
    }
    const me = name || prompt("Your name:");
    if (me === null) return; // Ctrl+D or Ctrl+C.
    await chat(conn, me, { ask: prompt, print: console.log });
  }, {
    address,
    farewell: "\nClient exiting",
    server: "deno task chat-server",
  });
}

Deno.test("says that the server has gone while nobody could look", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  const server = await listener.accept();
  const printed: string[] = [];
  let asked = 0;
  await chat(conn, "Ann", {
    ask() {
      if (++asked === 1) server.close();
      return "hello?";
    },
    print: (line) => printed.push(line),
  });
  assertEquals(printed.at(-1), "Server closed connection");
});
