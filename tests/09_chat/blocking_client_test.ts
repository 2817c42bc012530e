/**
 * The client that can do only one thing at a time. `prompt()` needs a terminal,
 * so Python makes one; and this process is the server.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { within } from "../deadline.ts";
import { acceptClient, bytesOf } from "../conversation.ts";
import { needsPython } from "../peers.ts";
import { Program, ROOT } from "../program.ts";
import {
  assertRefuses,
  type Description,
  promisesOfFlags,
  promisesOfHosts,
  start,
  startAsTold,
  testsOf,
} from "../start_promises.ts";

const CLIENT: Description = {
  script: "lessons/09_chat/blocking_client.ts",
  port: 65_433,
  help: [
    "--name NAME  your nickname; you are asked for it if it is not given\n",
  ],
  refused: [
    [["--name", " "], '--name takes a name, not " "'],
    [["--name"], "--name takes a name, not nothing"],
  ],
};

const test = testsOf(CLIENT);

promisesOfFlags(CLIENT, 1);
promisesOfHosts(CLIENT, 1);

test("without a server it says how to start one", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close(); // Nobody listens there now.
  await assertRefuses(
    start(CLIENT, port),
    1,
    `Nobody listens on 127.0.0.1:${port}. ` +
      "Start the server first, in a second terminal: deno task chat-server",
  );
});

const NO_TERMINAL = "prompt() asks at a terminal, and this input is none. " +
  "Start it in a terminal, or take: deno task chat-client";

test(
  "without permission, and without a terminal, it says what to do",
  async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const program = await startAsTold(CLIENT, listener.addr.port);
    (await within("the client", listener.accept())).close();
    await assertRefuses(program, 1, NO_TERMINAL);
  },
);

/**
 * Runs a command at a terminal. What is typed there comes from our pipe; and on
 * SIGUSR1 the command gets a SIGTERM.
 */
const TERMINAL = `
import os, pty, signal, sys, threading
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGUSR1, lambda *_: os.kill(pid, signal.SIGTERM))
def copy(source, target):
    try:
        while data := os.read(source, 1024):
            os.write(target, data)
    except OSError: # The command has ended.
        pass
threading.Thread(target=copy, args=(0, terminal), daemon=True).start()
copy(terminal, 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** A client at a terminal, and this process as its server. */
async function startAtTerminal(...flags: string[]) {
  const permission = "-N=127.0.0.1";
  const command = [Deno.execPath(), "run", permission, CLIENT.script, ...flags];
  const session = await acceptClient((port) =>
    new Program(
      "python3",
      ["-c", TERMINAL, ...command, "--port", String(port)],
      { cwd: ROOT, env: { TERM: "xterm" } },
    )
  );
  const { client, conn } = session;
  const lines = readLines(conn);
  return {
    client,
    conn,
    line: async () => (await within("a line", lines.next())).value ?? null,
    send: (text: string) => writeAll(conn, bytesOf(text)),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

const ignore = Deno.build.os === "windows" || needsPython.ignore;

/** Registers a test that needs Python for its terminal. */
function testAtTerminal(promise: string, fn: () => Promise<void>): void {
  Deno.test({ name: `blocking client: ${promise}`, fn, ignore });
}

/** The prompt, and what is typed at it: with what moves the cursor between. */
function atPrompt(typed = ""): RegExp {
  const moves = "(?:\\r|\\x1b\\[[?;\\d]*[A-Za-z])*";
  const characters = ["Ann> ", ...typed].map((text) => RegExp.escape(text));
  return new RegExp(`${characters.join(moves)}${moves}$`);
}

const BLOCKED =
  /\(at the prompt for (\d+) s, in which a timer for each second fired (\d+) times\)/;

testAtTerminal(
  "what others say appears only after Enter, and no timer fires",
  async () => {
    await using session = await startAtTerminal("--name", "Ann");
    const { client } = session;
    assertEquals(await session.line(), "Ann");
    await client.stdout.match(atPrompt());
    await session.send("Bob: hello\nBob: are you there?\n");
    // Some time, so that a timer would have been due.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await client.type("hi Bob");
    await client.stdout.match(atPrompt("hi Bob")); // And nothing of Bob's.
    await client.type("\r");
    const [, seconds, ticks] = await client.stdout.match(BLOCKED);
    assertEquals([Number(seconds) >= 1, ticks], [true, "0"]);
    assertEquals(await session.line(), "hi Bob");
    await client.stdout.match(/times\)\s+Bob: hello\s+Bob: are you there\?\s/);
    await client.stdout.match(atPrompt());
    await client.type("\r"); // An empty line leaves.
    assertEquals((await client.ending()).code, 0);
    assertEquals(await session.line(), null);
  },
);

for (const [what, read] of [["left", true], ["reset", false]] as const) {
  testAtTerminal(`a server that has ${what} is seen after Enter`, async () => {
    await using session = await startAtTerminal("--name", "Ann");
    const { client } = session;
    // To close with bytes unread makes the system reset the connection.
    if (read) assertEquals(await session.line(), "Ann");
    await client.stdout.match(atPrompt());
    session.conn.close();
    await client.type("hello?");
    await client.stdout.match(atPrompt("hello?"));
    await client.type("\r");
    await client.stdout.match(/times\)\s+Server closed connection\s/);
    const { code, stdout } = await client.ending();
    assertEquals(code, 0, stdout);
  });
}

testAtTerminal("no signal is heard at the prompt", async () => {
  await using session = await startAtTerminal("--name", "Ann");
  const { client } = session;
  await client.stdout.match(atPrompt());
  client.kill("SIGUSR1"); // The terminal sends SIGTERM on.
  await client.type("hello");
  await client.stdout.match(atPrompt("hello"));
  await client.type("\r");
  await client.stdout.match(/Client exiting/);
  assertEquals((await client.ending()).code, 0);
});

for (const [key, code] of [["Ctrl+C", "\x03"], ["Ctrl+D", "\x04"]] as const) {
  testAtTerminal(`${key} leaves, also when asked for the name`, async () => {
    await using asked = await startAtTerminal();
    await asked.client.stdout.match(/Your name: /);
    await asked.client.type(code);
    assertEquals((await asked.client.ending()).code, 0);

    await using session = await startAtTerminal("--name", "Ann");
    await session.client.stdout.match(atPrompt());
    await session.client.type(code);
    assertEquals((await session.client.ending()).code, 0);
    assertEquals(await session.line(), "Ann");
    assertEquals(await session.line(), null);
  });
}
