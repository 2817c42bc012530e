/**
 * What the grader says of programs that misbehave, and of its own faults.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { within } from "../deadline.ts";
import type { Check, Exercise } from "../grader/check.ts";
import { gradeAll } from "../grader/grade.ts";
import { failed, file, grade, reports } from "./grading.ts";

Deno.test("a program that floods its outputs and the wire gets a short and harmless report", async () => {
  await using program = await file(
    `
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log("Listening on 127.0.0.1:" + listener.addr.port);
const conn = await listener.accept();
const junk = new Uint8Array(1_000_000).map((_, index) => index % 256);
junk.set(new TextEncoder().encode("\\x1b[2J\\x1b]0;title\\x07"));
for (let round = 0; round < 5; round++) {
  Deno.stdout.writeSync(junk);
  Deno.stderr.writeSync(junk);
  let pending = junk;
  while (pending.length > 0) pending = pending.subarray(await conn.write(pending));
}
`,
    "ts",
  );
  const verdicts = await grade("01_echo", {
    kind: "file",
    path: program.path,
  });
  assertEquals(failed(verdicts).length, verdicts.size);
  for (const { report } of verdicts.values()) {
    const text = report.join("\n");
    assert(text.length < 6000, `${text.length} characters`);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(text), text);
  }
});

Deno.test("a program that is silent fails with words, not with a hang", async () => {
  await using program = await file(
    "await new Promise(() => setInterval(() => {}, 1000));",
    "ts",
  );
  const verdicts = await grade("01_echo", {
    kind: "file",
    path: program.path,
  }, ["sends back what it gets", "answers again and again on one connection"]);
  const report = reports(verdicts);
  assertStringIncludes(report, "The program runs, but does not listen");
});

Deno.test("what goes wrong in a check is the grader's fault, and is told so", async () => {
  const check: Check = {
    name: "breaks",
    hint: "none",
    about: "none",
    page: "README.md",
    run() {
      throw new TypeError("this check is wrong");
    },
  };
  const exercise: Exercise = {
    lesson: "01_echo",
    summary: "none",
    kind: "server",
    checks: [check],
  };
  const [verdict] = await within(
    "the verdict",
    gradeAll({
      exercise,
      candidate: { kind: "file", path: "tests/01_echo/solution.ts" },
      seed: 1,
    }),
  );
  assertEquals(verdict?.outcome, "error");
  const report = verdict?.report.join("\n") ?? "";
  assertStringIncludes(
    report,
    "The grader itself has failed, not your program",
  );
  assertStringIncludes(report, "this check is wrong");
});

Deno.test("nothing is left in the folder for temporary files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tests/grade.ts", "echo", "--run", "false"],
      env: { TMPDIR: folder, NO_COLOR: "1" },
    }).output();
    assertEquals(code, 1);
    assertStringIncludes(
      new TextDecoder().decode(stdout),
      "The program ended with status 1 before it listened",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
