/**
 * The course's promise: right answers pass, and wrong ones fail where they
 * should, with words that help.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Exercise, Verdict } from "./grader/check.ts";
import {
  type BrokenProgram,
  brokenPrograms,
  EVERY,
  lessonNames,
  loadExercise,
  programsOf,
} from "./grader/course.ts";
import { gradeAll } from "./grader/grade.ts";
import { pooled } from "./grader/pool.ts";

const seed = Math.trunc(Math.random() * 2 ** 31);

async function grade(exercise: Exercise, path: string): Promise<Verdict[]> {
  return await gradeAll({
    exercise,
    candidate: { kind: "file", path },
    seed,
  });
}

/** What a person is told of a verdict. */
function told({ check, report }: Verdict): string {
  return [`${check.name} (seed ${seed})`, ...report].join("\n");
}

/** A good answer passes every check. */
async function pass(exercise: Exercise, path: string): Promise<void> {
  for (const verdict of await grade(exercise, path)) {
    assertEquals(verdict.outcome, "passed", told(verdict));
  }
}

/** The stub fails, and the message names its first step. */
async function failAtStep1(exercise: Exercise, path: string): Promise<void> {
  const verdicts = await grade(exercise, path);
  const first = verdicts.find(({ outcome }) => outcome !== "passed");
  if (first === undefined) throw new Error("The stub passes every check");
  assertEquals(first.outcome, "failed", told(first));
  assertStringIncludes(told(first), "STEP 1: ");
}

/** A wrong answer fails where it should, and nowhere else. */
async function failAsSaid(
  exercise: Exercise,
  { path, fails }: BrokenProgram,
): Promise<void> {
  assert(fails.size > 0, "It does not say which check it fails");
  const verdicts = await grade(exercise, path);
  for (const verdict of verdicts) {
    const words = fails.get(verdict.check.name) ?? fails.get(EVERY);
    const expected = words === undefined ? "passed" : "failed";
    // What a program leaves out, where it may choose, is skipped.
    if (words === undefined && verdict.outcome === "skipped") continue;
    assertEquals(verdict.outcome, expected, told(verdict));
    assertStringIncludes(told(verdict), words ?? "");
  }
  const names = verdicts.map(({ check }) => check.name);
  for (const name of fails.keys()) {
    assert(name === EVERY || names.includes(name), `No check "${name}"`);
  }
}

for (const lesson of await lessonNames()) {
  const exercise = await loadExercise(lesson);
  const { stub, solution } = programsOf(lesson);
  const broken = await brokenPrograms(lesson);

  Deno.test(`${lesson}: right answers pass, and wrong ones fail where they should`, async (t) => {
    const programs = [
      { name: "a good answer", run: () => pass(exercise, solution) },
      { name: "the stub", run: () => failAtStep1(exercise, stub) },
      ...broken.map((program) => ({
        name: program.path.split("/").at(-1) ?? "",
        run: () => failAsSaid(exercise, program),
      })),
    ];
    await pooled(
      programs,
      navigator.hardwareConcurrency,
      ({ name, run }) =>
        t.step({
          name,
          fn: run,
          // Several at a time: the test around them looks for what is left.
          sanitizeOps: false,
          sanitizeResources: false,
          sanitizeExit: false,
        }),
    );
  });

  Deno.test(`${lesson}: every check has a program that fails it`, () => {
    const failed = new Set(broken.flatMap(({ fails }) => [...fails.keys()]));
    for (const { name } of exercise.checks) assert(failed.has(name), name);
    assert(exercise.checks.length >= 5, `${exercise.checks.length} checks`);
    assert(broken.length >= 6, `${broken.length} broken programs`);
  });
}
