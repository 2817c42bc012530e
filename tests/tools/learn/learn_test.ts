/**
 * `deno task learn`, as somebody uses it: at a terminal, with an editor beside
 * it that saves.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { setTimeout as delay } from "node:timers/promises";
import { Clone } from "../../clone.ts";
import { within } from "../../deadline.ts";
import { exists } from "../../grader/course.ts";
import { has } from "../../program.ts";
import { Tmux, type TmuxTerminal } from "../../tmux.ts";
import { LEARN, progress } from "./learning.ts";

/** The last row of the screen. */
const KEYS = /\nh hint n next .* q quit$/;

const ignore = !await has("tmux");

/** Starts the loop in a copy of the project. */
async function learn(tmux: Tmux, clone: Clone): Promise<TmuxTerminal> {
  const terminal = await tmux.open({ folder: clone.folder });
  await terminal.enter(`deno run -A ${LEARN}`);
  await terminal.shows(KEYS);
  return terminal;
}

/** The processes that one has started and that still run. */
async function childrenOf(pid: number): Promise<number[]> {
  const list = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return list.trim().split(/\s+/).filter((word) => word !== "").map(Number);
}

/** Waits until a process has ended. */
async function gone(pid: number): Promise<void> {
  while (await exists(`/proc/${pid}/status`)) await delay(20);
}

Deno.test({
  name: "from the stub of lesson 01 to the pass of lesson 02",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    await using tmux = new Tmux();
    const terminal = await learn(tmux, clone);

    // The stub: what is wrong, with the place in the learner's file.
    await terminal.shows(/^Lesson 1 of 11 {3}0 of 11 done \[-+\]$/m);
    await terminal.shows(
      /^work\/01_echo\/exercise\.ts {3}0 of 7 checks passed$/m,
    );
    await terminal.shows(/^FAIL {2}sends back what it gets$/m);
    await terminal.shows(
      /^Look at: {2}work\/01_echo\/exercise\.ts:\d+ {2}STEP 1: /m,
    );

    // A hint, then what the page says.
    await terminal.press("h");
    await terminal.shows(/^h again shows what the page says\.$/m);
    await terminal.press("h");
    await terminal.shows(/^## How it works$/m);

    // Not on without a question, and "n" is no.
    await terminal.press("n");
    await terminal.shows(/^Not passed yet\. Go on all the same\? y\/n$/m);
    await terminal.press("n");
    await terminal.shows(/^Lesson 1 of 11/m);

    // A wrong answer is saved: the verdict waits until the page was read.
    await clone.answer("01_echo", "tests/01_echo/broken/one_read.ts");
    await terminal.shows(/^New verdict: \d of 7 checks passed\. v shows it$/m);
    await terminal.press("v");
    await terminal.shows(
      /^FAIL {2}answers again and again on one connection$/m,
    );
    await terminal.press("w");
    await terminal.shows(/^ +\d\.\d{3} s {2}client 1 {2}-> "\w+"$/m);
    await terminal.press("r");
    await terminal.shows(/^New verdict: /m);
    await terminal.press("v");

    // A right answer: what it was about, and it waits.
    await clone.answer("01_echo");
    await terminal.shows(/^Passed: your program keeps all its promises\.$/m);
    await terminal.shows(/^A server listens, accepts, and reads/m);
    await terminal.shows(/^Lesson 1 of 11 {3}1 of 11 done \[#+-+\]$/m);
    assertEquals(await progress(clone), {
      current: "01_echo",
      passed: ["01_echo"],
    });

    // On to lesson 02, where the solution is another program than one's own.
    await terminal.press("n");
    await terminal.shows(/^Lesson 2 of 11/m);
    await terminal.shows(/0 of 12 checks passed$/m);
    await terminal.press("s");
    await terminal.shows(
      /^Not passed yet\. See a solution all the same\? y\/n$/m,
    );
    await terminal.press("y");
    await terminal.shows(/^\+ /m);
    await terminal.press("v");
    await clone.answer("02_request_reply");
    await terminal.shows(/^Lesson 2 of 11 {3}2 of 11 done/m);
    await terminal.press("l");
    await terminal.shows(/^ {2}01_echo +done$/m);
    await terminal.shows(/^> 02_request_reply +done$/m);

    await terminal.press("q");
    await terminal.shows(/^\$ .*\n\$$/m);
  },
});

Deno.test({
  name: "it fits a terminal of any width, and follows when that changes",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    await using tmux = new Tmux();
    const terminal = await learn(tmux, clone);
    await terminal.shows(/^FAIL {2}sends back what it gets$/m);
    await terminal.resize(40, 12);
    await terminal.shows(/^-{40}$/m);
    await terminal.shows(/^(.{0,40}\n){11}.{1,40}$/);
    await terminal.resize(80, 24);
    await terminal.shows(/^-{80}$/m);
    await terminal.shows(KEYS);
  },
});

Deno.test({
  name: "x begins again, and keeps the old file",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    await clone.answer("01_echo");
    await using tmux = new Tmux();
    const terminal = await learn(tmux, clone);
    await terminal.shows(/^Passed: /m);
    const own = await Deno.readTextFile(clone.own("01_echo"));
    await terminal.press("x");
    await terminal.shows(
      /^Begin again\? Your file stays as exercise\.ts\.bak\. y\/n$/m,
    );
    await terminal.press("y");
    await terminal.shows(/^FAIL {2}sends back what it gets$/m);
    assertEquals(await Deno.readTextFile(`${clone.own("01_echo")}.bak`), own);
    // What has passed stays passed.
    await terminal.shows(/1 of 11 done/);
  },
});

Deno.test({
  name:
    "a file of one's own that is gone is said to be, and x puts the stub there",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    await using tmux = new Tmux();
    const terminal = await learn(tmux, clone);
    await terminal.shows(/^FAIL {2}sends back what it gets$/m);
    await Deno.remove(clone.own("01_echo"));
    // That is a change of the file too, and its verdict ends other messages.
    await terminal.shows(/Module not found/);
    await terminal.press("s");
    await terminal.shows(/^Not passed yet\./m);
    await terminal.press("y");
    await terminal.shows(/^No such file or directory .*01_echo/m);
    await terminal.press("x");
    await terminal.shows(/^Begin again\?/m);
    await terminal.press("y");
    await terminal.shows(/^work\/01_echo\/exercise\.ts is yours/m);
    // And what is saved there is graded again.
    await terminal.shows(/^FAIL {2}sends back what it gets$/m);
    await clone.answer("01_echo");
    await terminal.shows(/^Passed: /m);
  },
});

Deno.test({
  name: "killed while it grades, it has lost nothing",
  ignore: ignore || Deno.build.os !== "linux",
  async fn() {
    await using clone = await Clone.make();
    await clone.answer("01_echo");
    // What it cannot remove any more stays in the copy.
    await using tmux = new Tmux({ TMPDIR: clone.folder });
    const terminal = await tmux.open({ folder: clone.folder });
    await terminal.enter(`sh -c 'echo $$ > pid; exec deno run -A ${LEARN}'`);
    await terminal.shows(/^Passed: /m);
    // One that does not say that it is ready: that takes long.
    await Deno.writeTextFile(
      clone.own("01_echo"),
      "setInterval(() => {}, 1e4)",
    );
    await terminal.shows(/checking\.\.\.$/m);
    const pid = Number(await Deno.readTextFile(`${clone.folder}/pid`));
    const children = await childrenOf(pid);
    Deno.kill(pid, "SIGKILL");
    await terminal.shows(/^\$$/m);
    await within("what it has started to end", Promise.all(children.map(gone)));
    assertEquals(await progress(clone), {
      current: "01_echo",
      passed: ["01_echo"],
    });
    const left = Array.from(Deno.readDirSync(`${clone.folder}/work`));
    assertEquals(left.map(({ name }) => name).sort(), [
      "01_echo",
      "progress.json",
    ]);
  },
});

Deno.test({
  name: "e opens the editor, and what that saves is graded; o the pager",
  ignore,
  async fn() {
    await using clone = await Clone.make();
    const pager = 'head -n 1 "$1"; touch paged';
    await Deno.writeTextFile(`${clone.folder}/pager`, pager);
    await using tmux = new Tmux({
      VISUAL: "cp tests/01_echo/solution.ts",
      PAGER: "sh pager",
    });
    const terminal = await learn(tmux, clone);
    await terminal.shows(/^FAIL {2}sends back what it gets$/m);
    await terminal.press("e");
    await terminal.shows(/^Passed: /m);
    await terminal.press("o");
    const paged = async () => {
      while (!await exists(`${clone.folder}/paged`)) await delay(20);
    };
    await within("the pager", paged());
    await terminal.shows(KEYS);
    await terminal.press("q");
    // What the pager has shown is on the first screen.
    await terminal.shows(/^# Lesson 01: Echo$/m);
  },
});
