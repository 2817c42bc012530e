/**
 * Programs of a test's own, and what the grader says of them.
 *
 * @module
 */
import type { Candidate, Verdict } from "../grader/check.ts";
import { loadExercise } from "../grader/course.ts";
import { gradeAll } from "../grader/grade.ts";

/** A program in a file that is gone in the end. */
export async function file(source: string, extension = "py") {
  const path = await Deno.makeTempFile({ suffix: `.${extension}` });
  await Deno.writeTextFile(path, source);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path);
    },
  };
}

/** Grades a program by some of the checks of a lesson, or all of them. */
export async function grade(
  lesson: string,
  candidate: Candidate,
  names?: string[],
): Promise<Map<string, Verdict>> {
  const exercise = await loadExercise(lesson);
  const checks = names === undefined
    ? exercise.checks
    : exercise.checks.filter(({ name }) => names.includes(name));
  const verdicts = await gradeAll({
    exercise: { ...exercise, checks },
    candidate,
    seed: 1,
  });
  return new Map(verdicts.map((verdict) => [verdict.check.name, verdict]));
}

/** The checks that have not passed. */
export function failed(verdicts: Map<string, Verdict>): string[] {
  return [...verdicts.values()]
    .filter(({ outcome }) => outcome !== "passed")
    .map(({ check, outcome }) => `${outcome}: ${check.name}`);
}

/** The report on all that has gone wrong. */
export function reports(verdicts: Map<string, Verdict>): string {
  return [...verdicts.values()].flatMap(({ report }) => report).join("\n");
}
