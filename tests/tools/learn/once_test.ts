/**
 * `deno task learn` where no loop is wanted, or none is possible.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Clone } from "../../clone.ts";
import { has } from "../../program.ts";
import { Tmux } from "../../tmux.ts";
import { LEARN, progress } from "./learning.ts";

Deno.test({
  name: "--once and a terminal that can do nothing get one verdict, in lines",
  ignore: !await has("tmux"),
  async fn() {
    await using clone = await Clone.make();
    await clone.answer("01_echo");
    await using tmux = new Tmux();
    const terminal = await tmux.open({ folder: clone.folder });
    await terminal.enter(`deno run -A ${LEARN} --once`);
    await terminal.shows(/^7 of 7 points$[^]*\n\$$/m);
    await terminal.enter(`clear; TERM=dumb deno run -A ${LEARN}`);
    // Lesson 02 comes next.
    await terminal.shows(/^0 of 12 points\. [^]*\n\$$/m);
  },
});

Deno.test("without a terminal it prints one verdict, and leads on", async () => {
  await using clone = await Clone.make();
  const first = await clone.run(LEARN);
  assertEquals([first.code, first.stderr], [1, ""]);
  assertMatch(first.stdout, /^Your program is work\/01_echo\/exercise\.ts: /);
  assertMatch(first.stdout, /STEP 1: /);
  assert(!first.stdout.includes("\x1b"), first.stdout);

  await clone.answer("01_echo");
  const second = await clone.run(LEARN);
  assertEquals([second.code, second.stderr], [0, ""]);
  assertMatch(second.stdout, /^7 of 7 points$/m);
  assertMatch(second.stdout, /^Next: lessons\/02_request_reply\/README\.md/m);
  assertEquals(await progress(clone), {
    current: "02_request_reply",
    passed: ["01_echo"],
  });
});

Deno.test("a broken file is set aside, and what has passed is found by grading", async () => {
  await using clone = await Clone.make();
  await clone.answer("01_echo");
  const path = `${clone.folder}/work/progress.json`;
  await Deno.writeTextFile(path, '{"current": "01_ec');
  const { code, stdout } = await clone.run(LEARN);
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^work\/progress\.json could not be read\. It is work\/progress\.json\.broken now\.$/m,
  );
  assertEquals(await Deno.readTextFile(`${path}.broken`), '{"current": "01_ec');
  assertEquals(await progress(clone), {
    current: "02_request_reply",
    passed: ["01_echo"],
  });
});
