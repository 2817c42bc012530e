/**
 * A program with a dialog in a real terminal, and without one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { has, startScript } from "../program.ts";
import { Tmux, type TmuxTerminal } from "../tmux.ts";

const ignore = !await has("tmux");
const PROGRAM = "tests/lib/repeat.ts";
const REPEAT = `${Deno.execPath()} run --no-prompt ${PROGRAM}`;

Deno.test("without a terminal, lines go in and out as they are", async () => {
  await using program = startScript(PROGRAM, [], []);
  await program.type("one\r\n\ntwo\x1b[A");
  await program.stdout.match(/again: \n/);
  await program.endInput();
  assertEquals(await program.ending(), {
    code: 0,
    stdout: "again: one\nagain: \nagain: two\x1b[A\n",
    stderr: "",
  });
});

/** Starts the program in a terminal, and answers its question. */
async function start(tmux: Tmux, columns = 80): Promise<TmuxTerminal> {
  const terminal = await tmux.open({ columns });
  await terminal.enter("clear; $REPEAT; echo status $?");
  await terminal.shows(/^Ready\?$/m);
  await terminal.enter("yes");
  await terminal.shows(/^Ready\? yes\nagain: yes\n>$/m);
  return terminal;
}

for (const bug of ["throw", "throw later", "reject"]) {
  Deno.test({
    name: `an error that nobody expects leaves the terminal as it was: ${bug}`,
    ignore,
    async fn() {
      await using tmux = new Tmux({ REPEAT });
      const terminal = await tmux.open();
      const before = await terminal.settings();
      await terminal.enter("clear; $REPEAT; echo status $?");
      await terminal.shows(/^Ready\?$/m);
      await terminal.enter(bug);
      await terminal.shows(/Error: A bug\n(.*\n)+status 1\n\$$/);
      assertEquals(await terminal.settings(), before);
    },
  });
}

Deno.test({
  name:
    "a terminal that is made narrower and wider shows the line whole, and once",
  ignore,
  async fn() {
    await using tmux = new Tmux({ REPEAT });
    const terminal = await start(tmux, 60);
    const line = "漢字 " + "0123456789".repeat(4);
    await terminal.type(line);
    await terminal.shows(new RegExp(`^> ${line}$`, "m"));
    // tmux lets rows above scroll away when it breaks those below.
    await terminal.resize(20);
    await terminal.shows(/yes\n> 34567890123456789$/, true);
    await terminal.type("!");
    await terminal.shows(/yes\n> 4567890123456789!$/, true);
    await terminal.resize(70);
    await terminal.shows(new RegExp(`yes\n> ${line}!$`), true);
    await terminal.press("Enter");
    const entered = new RegExp(`yes\n> ${line}!\nagain: ${line}!\n>$`);
    await terminal.shows(entered, true);
  },
});

Deno.test({
  name: "a program that was stopped draws its line again in the foreground",
  ignore,
  async fn() {
    await using tmux = new Tmux({ REPEAT });
    const terminal = await tmux.open();
    const before = await terminal.settings();
    await terminal.enter("clear; sh -c 'echo pid $$; exec $REPEAT'");
    const [, pid] = await terminal.shows(/^pid (\d+)\nReady\?$/m);
    await terminal.type("half a");
    await terminal.shows(/half a$/);
    Deno.kill(Number(pid), "SIGSTOP");
    await terminal.shows(/Stopped[^]*\n\$$/);
    // It left the terminal raw. Some shells put that right, others do not.
    await terminal.type("stty sane; fg");
    await terminal.press("C-j");
    await terminal.shows(/\nReady\? half a$/);
    await terminal.type(" line");
    await terminal.press("Enter", "C-d");
    await terminal.shows(/\nReady\? half a line\nagain: half a line\n\$$/);
    assertEquals(await terminal.settings(), before);
  },
});

Deno.test({
  name: "Ctrl+Z and Ctrl+\\ do nothing, Ctrl+C is told",
  ignore,
  async fn() {
    await using tmux = new Tmux({ REPEAT });
    const terminal = await start(tmux);
    await terminal.press("C-z", "C-\\");
    await terminal.enter("still here");
    await terminal.shows(/\nagain: still here\n>$/);
    await terminal.press("C-c");
    await terminal.shows(/status 3\n\$$/);
  },
});

Deno.test({
  name: "where the output is no terminal, the question is asked beside it",
  ignore,
  async fn() {
    await using tmux = new Tmux({ REPEAT });
    const terminal = await tmux.open();
    await terminal.enter("clear; $REPEAT | tr a-z A-Z");
    await terminal.shows(/^Ready\?$/m);
    await terminal.enter("yes");
    await terminal.shows(/^Ready\?\nyes\nAGAIN: YES$/m);
    await terminal.press("C-d");
    await terminal.shows(/YES\n\$$/);
  },
});
