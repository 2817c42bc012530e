import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT, startScript } from "../../program.ts";
import { makeTemp } from "../../temp.ts";
import { handInOne, runClass, startClass } from "./running.ts";

const SOLUTION = await Deno.readTextFile(
  new URL("tests/01_echo/solution.ts", ROOT),
);

/** A program that does nothing, for ever. */
const HANGS = "setInterval(() => {}, 1e9);";

Deno.test("a list of servers is graded like --connect", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  await using server = startScript(
    "lessons/06_concurrent/concurrent_server.ts",
    ["--port", "0"],
  );
  const port = await server.port();
  await Deno.writeTextFile(
    `${path}/list.csv`,
    `name,address\n"Ann, B",127.0.0.1:${port}\nBen,127.0.0.1:1\n`,
  );
  const { code, stdout, stderr } = await runClass(
    ...[`${path}/list.csv`, "echo", "--out", `${path}/out`],
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /^01_echo {2}Ann, B: 6 of 6 points, /m);
  assertMatch(stdout, /^01_echo {2}Ben: 0 of \d points, /m);
  const csv = await Deno.readTextFile(`${path}/out/report.csv`);
  assertStringIncludes(
    csv,
    '"Ann, B",01_echo,yes,6,6,,ends when its client has gone,',
  );
});

Deno.test("without a lesson everything is graded that somebody has handed in", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  await handInOne(path, "Ann", SOLUTION);
  await Deno.mkdir(`${path}/Ben/work/02_request_reply`, { recursive: true });
  await Deno.copyFile(
    new URL("tests/02_request_reply/solution.ts", ROOT),
    `${path}/Ben/work/02_request_reply/exercise.ts`,
  );
  const { code, stdout } = await runClass(path, "--out", `${path}/Ann/out`);
  assertEquals(code, 0);
  assertMatch(stdout, /^01_echo {2}Ann: 7 of 7 points, /m);
  assertMatch(stdout, /^01_echo {2}Ben: not handed in$/m);
  assertMatch(stdout, /^02_request_reply {2}Ann: not handed in$/m);
  assertMatch(stdout, /^02_request_reply {2}Ben: (\d+) of \1 points, /m);
  assertMatch(stdout, /^4 graded: .* s, seed \d+\n$/m);
});

Deno.test("a program may use lib/, and files beside it, and keeps nothing", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  const source = [
    'import { LineSplitter } from "../../lib/lines.ts";',
    'import { mine } from "./mine.ts";',
    "if (!new LineSplitter() || mine !== 7) Deno.exit(3);",
    // Two checks of one program are two programs, as far as that goes.
    "if (localStorage.length > 0) Deno.exit(4);",
    'localStorage.setItem("seen", "yes");',
    SOLUTION,
  ].join("\n");
  for (const name of ["Ann", "Ben"]) {
    await handInOne(path, name, source);
    await Deno.writeTextFile(
      `${path}/${name}/01_echo/mine.ts`,
      "export const mine = 7;",
    );
  }
  const { code, stdout } = await runClass(path, "--out", path);
  assertEquals(code, 0);
  assertEquals(stdout.match(/: 7 of 7 points/g)?.length, 2, stdout);
});

Deno.test("a program has a limit on the time of all its checks", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  await handInOne(path, "Ann", HANGS);
  const { code } = await runClass(path, "--out", path, "--time", "2");
  assertEquals(code, 0);
  const xml = await Deno.readTextFile(`${path}/report.xml`);
  assertEquals(
    xml.match(/<failure message="All checks together took longer than 2 s">/g)
      ?.length,
    7,
  );
});

Deno.test("Ctrl+C leaves nothing behind", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  await Deno.mkdir(`${path}/temp`);
  for (const name of ["Ben", "Cid", "Dee", "Eve", "Fay", "Gus", "Ida", "Jon"]) {
    await handInOne(`${path}/class`, name, HANGS);
  }
  await handInOne(`${path}/class`, "Ann", SOLUTION);
  await using program = startClass(
    [`${path}/class`, "--out", `${path}/out`],
    `${path}/temp`,
  );
  await program.stdout.match(/Ann: 7 of 7/);
  program.kill("SIGINT");
  const { code, stdout, stderr } = await program.ending();
  assertEquals({ code, stderr }, { code: 130, stderr: "" });
  assertMatch(stdout, /\nInterrupted\n$/);
  assertEquals([...Deno.readDirSync(`${path}/temp`)], []);
  assertEquals([...Deno.readDirSync(`${path}/out`)], []);
  if (Deno.build.os !== "linux") return;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let command = "";
    try {
      command = Deno.readTextFileSync(`/proc/${name}/cmdline`);
    } catch {
      continue; // It has ended.
    }
    assertEquals(command.includes(`${path}/temp`), false, command);
  }
});

Deno.test("wrong use gets one line and status 2", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  await Deno.mkdir(`${path}/nobody`);
  await Deno.mkdir(`${path}/empty/Ann`, { recursive: true });
  await Deno.writeTextFile(`${path}/list.csv`, "Ann,127.0.0.1:1\nBen\n");
  for (
    const [args, line] of [
      [[], /^Which folder\? See --help\n$/],
      [[path, "echo", "more"], /^One lesson at a time, not also "more"\n$/],
      [[path, "nothing"], /^There is no lesson "nothing"\. Take one of: 01_/],
      [[`${path}/not`], /\/not cannot be read: No such file [^\n]*\n$/],
      [[`${path}/nobody`], /^There is no folder in [^\n]*\n$/],
      [[`${path}/empty`], /^Nobody has handed in anything in [^\n]*\n$/],
      [[`${path}/list.csv`], /^With a list of servers name the lesson\n$/],
      [[`${path}/list.csv`, "7"], /^Exercise 07_event_loop is a client: /],
      [[`${path}/list.csv`, "1"], /: Line 2 is not NAME,HOST:PORT: "Ben"\n$/],
      [[path, "--time", "0"], /^--time takes a whole number from 1 to 3600/],
    ] as const
  ) {
    const { code, stdout, stderr } = await runClass(...args);
    assertEquals({ code, stdout }, { code: 2, stdout: "" }, args.join(" "));
    assertMatch(stderr, line);
  }
});

Deno.test("reports that cannot be written get one line and status 1", async () => {
  await using temp = await makeTemp();
  const { path } = temp;
  await handInOne(`${path}/class`, "Ann", SOLUTION);
  await Deno.writeTextFile(`${path}/file`, "");
  const { code, stderr } = await runClass(
    ...[`${path}/class`, "--out", `${path}/file`],
  );
  assertEquals(code, 1);
  assertMatch(stderr, /^The reports cannot be written: [^\n]*\n$/);
});
