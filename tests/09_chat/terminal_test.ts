/**
 * The chat client as a person has it: in a terminal, with keys and a screen.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { within } from "../deadline.ts";
import { has, type Program } from "../program.ts";
import { Tmux, type TmuxTerminal } from "../tmux.ts";
import { startServer } from "./chat_room.ts";

const ignore = !await has("tmux");

const CLIENT = `${Deno.execPath()} run --no-prompt -N=127.0.0.1 ` +
  "lessons/09_chat/chat_client.ts";

/** Starts the client of `name`, or one that asks for it. */
async function startClient(
  tmux: Tmux,
  server: Program,
  name?: string,
): Promise<TmuxTerminal> {
  const terminal = await tmux.open();
  const flags = name === undefined ? "" : ` --name ${name}`;
  await terminal.enter(`clear; $CLIENT --port ${await server.port()}${flags}`);
  await terminal.shows(name === undefined ? /^Your name:$/m : /^>$/m);
  return terminal;
}

Deno.test({
  name:
    "a message that comes in the middle of typing tears no line, and costs no key",
  ignore,
  async fn() {
    await using server = startServer();
    await using tmux = new Tmux({ CLIENT });
    const ada = await startClient(tmux, server);
    await ada.enter("Ada");
    await ada.shows(/^Your name: Ada\n>$/);
    const bob = await startClient(tmux, server, "Bob");
    await ada.shows(/\nSERVER: Bob has joined the chat\.\n>$/);

    // Not sent yet. e and its accent are two code points; the cursor goes back
    // over all three characters, one of them an emoji.
    await ada.type("漢字 cafe\u0301 👍 half a l");
    await ada.shows(/^> 漢字 cafe\u0301 👍 half a l$/m);
    await ada.press("Home", "Right", "Right");
    await ada.type("と");
    await bob.enter("are you there, Ada? 漢字");
    await ada.shows(
      /chat\.\nBob: are you there, Ada\? 漢字\n> 漢字と cafe\u0301 👍 half a l$/,
    );
    assertEquals(await ada.column(), 2 + 6);
    await ada.press("Right", "Right", "Right", "Right", "Right");
    await ada.type("!");
    await ada.press("End");
    await ada.type("ine");
    await bob.enter("hello?");
    await ada.shows(/\nBob: hello\?\n> 漢字と cafe\u0301! 👍 half a line$/);
    await ada.press("Enter");

    await ada.shows(/\n> 漢字と cafe\u0301! 👍 half a line\n>$/);
    await bob.shows(/\n> hello\?\nAda: 漢字と cafe\u0301! 👍 half a line\n>$/);
    await server.stdout.match(/\nAda: 漢字と cafe\u0301! 👍 half a line\n/);
  },
});

Deno.test({
  name: "a burst of messages leaves the line being typed alone",
  ignore,
  async fn() {
    await using server = startServer();
    await using tmux = new Tmux({ CLIENT });
    const ada = await startClient(tmux, server, "Ada");
    const bob = await tmux.open();
    await ada.type("half");
    const port = await server.port();
    await bob.enter(`seq 5000 | $CLIENT --port ${port} --name Bob | wc -l`);
    await ada.type(" a");
    await ada.type(" line");
    await ada.shows(
      /Bob: 4999\nBob: 5000\nSERVER: Bob has left the chat\.\n> half a line$/,
    );
    await ada.press("Enter");
    await server.stdout.match(/Ada: half a line\n/);
  },
});

Deno.test({
  name: "Up calls back a line that was sent, and Down the one that was begun",
  ignore,
  async fn() {
    await using server = startServer();
    await using tmux = new Tmux({ CLIENT });
    const ada = await startClient(tmux, server, "Ada");
    await ada.enter("first");
    await ada.enter("second");
    await ada.type("thi");
    await ada.press("Up", "Up");
    await ada.shows(/\n> second\n> first$/);
    await ada.type("!");
    await ada.shows(/\n> first!$/);
    await ada.press("Down", "Down");
    await ada.shows(/\n> second\n> thi$/);
    await ada.press("Up", "Enter");
    await server.stdout.match(
      /Ada: first\n(.*\n)*Ada: second\n(.*\n)*Ada: second\n/,
    );
  },
});

Deno.test({
  name: "who pastes more than the server takes is told so, with status 1",
  ignore,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    await using stack = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir();
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    await using tmux = new Tmux({ CLIENT, FILE: `${folder}/said.txt` });
    const terminal = await tmux.open();
    // What is left of the paste goes to whoever comes next: not to the shell.
    await terminal.enter(
      `clear; $CLIENT --port ${port} --name Ada 2> $FILE; ` +
        "echo status $? >> $FILE; mv $FILE $FILE.whole; exec sleep 1000",
    );
    using _deaf = await within("the client", listener.accept());
    await terminal.shows(/^>$/m);
    // The systems between the two take some of it.
    const paste = `${folder}/paste.txt`;
    await Deno.writeTextFile(paste, `${"x".repeat(999)}\n`.repeat(24_000));
    await terminal.paste(paste);
    const said = await within("the end", readWhen(`${folder}/said.txt.whole`));
    assertEquals(said, "The server does not take what you type\nstatus 1\n");
  },
});

/** Reads a file as soon as it is there. */
async function readWhen(path: string): Promise<string> {
  while (true) {
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const WAYS_OUT: [
  what: string,
  leave: (terminal: TmuxTerminal, server: Program) => unknown,
  lastRows: RegExp,
][] = [
  [
    "Ctrl+C",
    (terminal) => terminal.press("C-c"),
    /^> half a line\nClient exiting\nstatus 0\n\$$/m,
  ],
  [
    "Ctrl+D on an empty line",
    (terminal) => terminal.press("C-u", "C-k", "C-d"),
    /^Your name: Ada\nstatus 0\n\$$/m,
  ],
  [
    "EXIT",
    async (terminal) => {
      await terminal.press("C-u", "C-k");
      await terminal.enter("exit");
    },
    /^> exit\nDONE\nServer closed connection\nstatus 0\n\$$/m,
  ],
  [
    "the server's end",
    (_, server) => server.kill("SIGINT"),
    /^> half a line\nServer closed connection\nstatus 0\n\$$/m,
  ],
  [
    "the server's death",
    (_, server) => server.kill("SIGKILL"),
    /^> half a line\nServer closed connection\nstatus 0\n\$$/m,
  ],
  [
    "SIGTERM",
    async (terminal) => {
      const [, pid] = await terminal.shows(/^pid (\d+)$/m);
      Deno.kill(Number(pid), "SIGTERM");
    },
    /^> half a line\nClient exiting\nstatus 0\n\$$/m,
  ],
];

for (const [what, leave, lastRows] of WAYS_OUT) {
  Deno.test({
    name: `${what} leaves the terminal as it was found`,
    ignore,
    async fn() {
      await using server = startServer();
      await using tmux = new Tmux({ CLIENT });
      const terminal = await tmux.open();
      const before = await terminal.settings();
      const port = await server.port();
      // Like a program that is started: `exec` keeps the process.
      await terminal.enter(
        `clear; sh -c 'echo pid $$; exec $CLIENT --port ${port}'; echo status $?`,
      );
      await terminal.shows(/^Your name:$/m);
      await terminal.enter("Ada");
      await terminal.type("half a line");
      await terminal.press("Left");
      await terminal.shows(/^> half a line$/m);
      await leave(terminal, server);
      await terminal.shows(lastRows);
      // The shell shows what is typed again, and the rest is as it was too.
      await terminal.type("echo shown");
      await terminal.shows(/\n\$ echo shown$/);
      await terminal.press("C-u");
      assertEquals(await terminal.settings(), before);
    },
  });
}
