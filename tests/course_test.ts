/**
 * The course's promise: right answers pass, and wrong ones fail where they
 * should, with words that help.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Exercise, Verdict } from "./grader/check.ts";
import {
  brokenPrograms,
  EVERY,
  lessonNames,
  loadExercise,
  programsOf,
} from "./grader/course.ts";
import { gradeAll } from "./grader/grade.ts";

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

for (const lesson of await lessonNames()) {
  const exercise = await loadExercise(lesson);
  const { stub, solution } = programsOf(lesson);
  const programs = await brokenPrograms(lesson);

  Deno.test(`${lesson}: a good answer passes every check`, async () => {
    for (const verdict of await grade(exercise, solution)) {
      assertEquals(verdict.outcome, "passed", told(verdict));
    }
  });

  Deno.test(`${lesson}: the stub fails, and the message names its first step`, async () => {
    const verdicts = await grade(exercise, stub);
    const first = verdicts.find(({ outcome }) => outcome !== "passed");
    if (first === undefined) throw new Error("The stub passes every check");
    assertEquals(first.outcome, "failed", told(first));
    assertStringIncludes(told(first), "STEP 1: ");
  });

  for (const { path, fails } of programs) {
    Deno.test(`${lesson}: ${path.split("/").at(-1)} fails where it should, and nowhere else`, async () => {
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
    });
  }

  Deno.test(`${lesson}: every check has a program that fails it`, () => {
    const failed = new Set(programs.flatMap(({ fails }) => [...fails.keys()]));
    for (const { name } of exercise.checks) assert(failed.has(name), name);
    assert(exercise.checks.length >= 5, `${exercise.checks.length} checks`);
    assert(programs.length >= 6, `${programs.length} broken programs`);
  });
}
