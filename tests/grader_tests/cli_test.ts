import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Clone } from "../clone.ts";
import { Program, ROOT } from "../program.ts";
import type { JobResult } from "../grader/job.ts";
import { MARK } from "../grader/process.ts";

const GRADE = "tests/grade.ts";

Deno.test("without a program of one's own the stub is copied, and its first step named", async () => {
  await using clone = await Clone.make();
  const { code, stdout, stderr } = await clone.run(GRADE, "echo");
  assertEquals([code, stderr], [1, ""]);
  assertMatch(
    stdout,
    /^Your program is work\/01_echo\/exercise\.ts: a copy of/,
  );
  assertStringIncludes(stdout, "FAIL  sends back what it gets\n");
  assertMatch(stdout, /work\/01_echo\/exercise\.ts:\d+ {2}STEP 1: /);
  assertMatch(stdout, /\n0 of \d+ points/);
  assertEquals(
    await Deno.readTextFile(`${clone.folder}/work/01_echo/exercise.ts`),
    await Deno.readTextFile(new URL("lessons/01_echo/exercise.ts", ROOT)),
  );
});

Deno.test("where work/ cannot be there is one line, and status 1", async () => {
  await using clone = await Clone.make();
  await Deno.writeTextFile(`${clone.folder}/work`, "");
  for (const script of [GRADE, "tools/learn.ts"]) {
    const args = script === GRADE ? ["echo"] : [];
    const { code, stdout, stderr } = await clone.run(script, ...args);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^Not a directory .*\. .*\bwork\/.*write to.*\n$/);
  }
});

Deno.test("a right answer gets all points and status 0, and is not touched", async () => {
  await using clone = await Clone.make();
  await clone.answer("01_echo");
  const path = `${clone.folder}/work/01_echo/exercise.ts`;
  const before = await Deno.readTextFile(path);
  for (const name of ["1", "01", "echo", "ec", "01_echo"]) {
    const { code, stdout, stderr } = await clone.run(GRADE, name);
    assertEquals([code, stderr], [0, ""], stdout);
    assertMatch(stdout, /\n(\d+) of \1 points\n/);
  }
  assertEquals(await Deno.readTextFile(path), before);
});

Deno.test("--check makes one check, and --seed the same words again", async () => {
  await using clone = await Clone.make();
  const { stdout } = await clone.run(GRADE, "echo", "--check", "every byte");
  assertStringIncludes(stdout, "FAIL  sends back every byte value");
  assertEquals(stdout.includes("sends back what it gets"), false);

  const word = async (seed: string) => {
    const { stdout } = await clone.run(
      GRADE,
      "echo",
      "--check",
      "what it gets",
      "--seed",
      seed,
    );
    return stdout.match(/-> ("[a-z]+")/)?.[1];
  };
  assertEquals(await word("1"), await word("1"));
  assertEquals(await word("1") === await word("2"), false);
});

Deno.test("--reporter json is JSON, junit is JUnit, and --junit-path writes a file", async () => {
  await using clone = await Clone.make();
  await clone.answer("01_echo");
  const json = await clone.run(GRADE, "echo", "--reporter", "json");
  const { results } = JSON.parse(json.stdout) as { results: JobResult[] };
  assertEquals(results.every(({ outcome }) => outcome === "passed"), true);

  const junit = await clone.run(GRADE, "echo", "--reporter", "junit");
  assertMatch(junit.stdout, /^<\?xml [^]*<testsuites [^]*<\/testsuites>\n?$/);
  assertEquals(junit.stdout.match(/<testcase /g)?.length, results.length);

  const path = `${clone.folder}/report.xml`;
  await clone.run(
    GRADE,
    "echo",
    "--run",
    "deno run -N lessons/01_echo/exercise.ts --port 0",
    "--junit-path",
    path,
  );
  const report = await Deno.readTextFile(path);
  assertMatch(report, /failures="[1-9]/);
  assertStringIncludes(report, "client 1 got nothing");
});

Deno.test("--all grades what was begun, and lists what was not", async () => {
  await using clone = await Clone.make();
  const none = await clone.run(GRADE, "--all");
  assertEquals(none.code, 0);
  assertMatch(none.stdout, /Not begun: 01_echo/);

  await clone.answer("01_echo");
  const one = await clone.run(GRADE, "--all");
  assertEquals(one.code, 0);
  assertStringIncludes(
    one.stdout,
    "Exercise 01_echo: work/01_echo/exercise.ts",
  );
  assertEquals(/Not begun:.*01_echo/.test(one.stdout), false);
});

const REFUSED: [args: string[], line: RegExp][] = [
  [["nonsense"], /^There is no lesson "nonsense"\. Take one of: 01_echo/],
  [["99"], /^There is no lesson "99"/],
  [["echo", "chat"], /^One lesson at a time, not also "chat"$/],
  [
    ["echo", "--check", "xyzzy"],
    /^No check has "xyzzy" in its name\. There are:\n {2}sends/,
  ],
  [["echo", "--connect", "somewhere"], /^--connect takes an address such as/],
  [
    ["echo", "--run", "a", "--connect", "b:1"],
    /^Take --run or --connect, not both$/,
  ],
  [["echo", "--seed", "x"], /^--seed takes a whole number, not "x"$/],
  [["echo", "--reporter", "x"], /^--reporter takes pretty, junit or json/],
  [["--all", "echo"], /^--all takes no lesson/],
  [["--nonsense"], /^There is no flag --nonsense; see --help$/],
];

Deno.test("what a person gets wrong is one line, and status 2", async () => {
  for (const [args, line] of REFUSED) {
    await using program = new Program(
      Deno.execPath(),
      ["run", "-A", "tests/grade.ts", ...args],
      { cwd: ROOT },
    );
    const { code, stdout, stderr } = await program.ending();
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertMatch(stderr.trimEnd(), line);
  }
});

Deno.test({
  name: "Ctrl+C in the middle ends the program that is graded as well",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using clone = await Clone.make();
    const program = `${clone.folder}/sleeper.ts`;
    await Deno.writeTextFile(
      program,
      `Deno.writeTextFileSync("${clone.folder}/started", "");` +
        "setInterval(() => {}, 1000);",
    );
    const watcher = Deno.watchFs(clone.folder, { recursive: false });
    await using grade = clone.start(GRADE, [
      "echo",
      "--run",
      `deno run -A ${program}`,
    ]);
    for await (const { paths } of watcher) {
      if (paths.some((path) => path.endsWith("/started"))) break;
    }
    grade.kill("SIGINT");
    const { code, stdout } = await grade.ending();
    assertEquals([code, stdout], [130, "\nInterrupted\n"]);
    assertEquals(running(program), []);
  },
});

/** The processes of a grading that run `path`. */
function running(path: string): string[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter(
    (name) => {
      try {
        const read = (part: string) =>
          Deno.readTextFileSync(`/proc/${name}/${part}`);
        return read("environ").includes(MARK) && read("cmdline").includes(path);
      } catch {
        return false; // Not a process, or it has ended.
      }
    },
  );
}
