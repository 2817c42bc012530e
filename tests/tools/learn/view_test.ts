/**
 * The parts of `deno task learn` that need no terminal.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { JobResult } from "../../grader/job.ts";
import { Program, ROOT } from "../../program.ts";
import { columnsOf } from "../../../lib/graphemes.ts";
import { loadCourse } from "../../../tools/learn/course.ts";
import { diffLines } from "../../../tools/learn/diff.ts";
import { bar, wrap } from "../../../tools/learn/layout.ts";
import { section } from "../../../tools/learn/page.ts";
import { loadProgress, saveProgress } from "../../../tools/learn/progress.ts";
import { frame, verdictText, type View } from "../../../tools/learn/view.ts";

const VIEW: View = {
  number: 1,
  lessons: 11,
  passed: 2,
  file: "work/01_echo/exercise.ts",
  status: "1 of 7 checks passed",
  text: ["FAIL  a promise", "", "Likely:   something", "  ok    another"],
  scroll: 0,
  message: "",
};

Deno.test("a frame has as many rows as the terminal, and none is wider", () => {
  for (const columns of [20, 40, 80, 200]) {
    for (const rows of [8, 24, 60]) {
      const lines = frame(VIEW, { columns, rows }, false);
      assertEquals(lines.length, rows);
      for (const line of lines) assertEquals(columnsOf(line) <= columns, true);
    }
  }
});

Deno.test("colour adds escape sequences, and nothing else", () => {
  const size = { columns: 80, rows: 24 };
  const plain = frame(VIEW, size, false);
  const coloured = frame(VIEW, size, true);
  assertEquals(plain.join("").includes("\x1b"), false);
  assertEquals(coloured.join("").includes("\x1b["), true);
  // deno-lint-ignore no-control-regex
  const bare = coloured.map((row) => row.replace(/\x1b\[\d+m/g, ""));
  assertEquals(bare, plain);
});

Deno.test("a text that a program has printed does nothing to the terminal", () => {
  const lines = frame(
    { ...VIEW, text: ["\x1b[2J\x07 boo", "a\tb"] },
    { columns: 80, rows: 24 },
    false,
  );
  assertEquals(lines.join("").includes("\x1b"), false);
  assertEquals(lines.includes("a    b"), true);
});

Deno.test("the verdict shows the first failure, and all of them if asked", () => {
  const result = (name: string, outcome: JobResult["outcome"]): JobResult => ({
    lesson: "01_echo",
    name,
    outcome,
    milliseconds: 1,
    message: "",
    report: outcome === "failed" ? [`report on ${name}`] : [],
    conversation: [],
  });
  const results = [
    result("one", "passed"),
    result("two", "failed"),
    result("three", "failed"),
  ];
  const first = verdictText(results, "About.", false);
  assertEquals(first.slice(0, 3), ["FAIL  two", "", "report on two"]);
  assertEquals(first.includes("report on three"), false);
  assertEquals(
    verdictText(results, "About.", true).includes("report on three"),
    true,
  );
  const passed = verdictText(results.slice(0, 1), "About.", false);
  assertEquals(passed[2], "About.");
});

Deno.test("a line is cut between words, and goes on below its text", () => {
  assertEquals(wrap("short", 10), ["short"]);
  assertEquals(wrap("Look at:  one two three", 22), [
    "Look at:  one two",
    "          three",
  ]);
  // A word that is too wide is cut, and no character of two columns in half.
  assertEquals(wrap("漢字漢字漢字", 5), ["漢字", "漢字", "漢字"]);
  assertEquals(wrap("x".repeat(25), 10).join(""), "x".repeat(25));
});

Deno.test("the bar is full at the end, and empty at the beginning", () => {
  assertEquals(bar(0, 11, 12), "[----------]");
  assertEquals(bar(11, 11, 12), "[##########]");
});

Deno.test("a section ends at the next heading of its level", () => {
  const page = "# Top\n\n## How it works\n\ntext\n\n```sh\n## no heading\n" +
    "```\n\n### Below\n\nmore\n\n## Next\n";
  assertEquals(section(page, "how-it-works").at(0), "## How it works");
  assertEquals(section(page, "how-it-works").at(-1), "more");
  assertEquals(section(page, "below"), ["### Below", "", "more"]);
  assertEquals(section(page, "nowhere"), []);
});

Deno.test("every check names a section that its page has", async () => {
  for (const { name, exercise } of await loadCourse()) {
    for (const { page } of exercise.checks) {
      const [file, anchor = ""] = page.split("#");
      const text = await Deno.readTextFile(`lessons/${name}/${file}`);
      const found = section(text, anchor).length > 0;
      assertEquals(found, true, `lessons/${name}/${page}`);
    }
  }
});

Deno.test("the difference of two programs names the lines", () => {
  assertEquals(diffLines("a\nb\n", "a\nb\n"), []);
  assertEquals(diffLines("a\nb\n", "a\nc\n"), [
    "line 1 of yours",
    " a",
    "-b",
    "+c",
  ]);
});

Deno.test("progress comes back as it was saved; what is broken is set aside", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/work/progress.json`;
    const lessons = ["01_echo", "02_request_reply"];
    const beginning = { current: "01_echo", passed: [] };
    assertEquals(await loadProgress(path, lessons), {
      progress: beginning,
      setAside: null,
    });
    const progress = { current: "02_request_reply", passed: ["01_echo"] };
    await saveProgress(path, progress);
    assertEquals((await loadProgress(path, lessons)).progress, progress);

    for (
      const text of ["", "{", "null", "[]", '{"current": 1, "passed": []}']
    ) {
      await Deno.writeTextFile(path, text);
      assertEquals(await loadProgress(path, lessons), {
        progress: beginning,
        setAside: `${path}.broken`,
      });
      assertEquals(await Deno.readTextFile(`${path}.broken`), text);
    }
    // A lesson that is not there any more is forgotten.
    await saveProgress(path, { current: "99_gone", passed: ["99_gone"] });
    assertEquals((await loadProgress(path, lessons)).progress, beginning);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("killed in the middle of saving, the file is whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/progress.json`;
    const lessons = Array.from({ length: 99 }, (_, index) => `${index}_x`);
    const script = `
      import { saveProgress } from "./tools/learn/progress.ts";
      const lessons = ${JSON.stringify(lessons)};
      for (let count = 0;; count = (count + 1) % 99) {
        const passed = lessons.slice(0, count);
        await saveProgress(${JSON.stringify(path)}, { current: "0_x", passed });
        if (count === 0) console.log("saved");
      }`;
    for (let round = 0; round < 10; round++) {
      await using saver = new Program(Deno.execPath(), ["eval", script], {
        cwd: ROOT,
      });
      await saver.stdout.match(/saved/);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      saver.kill("SIGKILL");
      await saver.ending();
      const { setAside, progress } = await loadProgress(path, lessons);
      assertEquals(setAside, null);
      const { passed } = progress;
      assertEquals(passed, lessons.slice(0, passed.length));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
