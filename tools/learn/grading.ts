/**
 * Making the checks of an exercise.
 *
 * @module
 */
import { type JobResult, runJobs } from "../../tests/grader/job.ts";
import type { Lesson } from "./course.ts";

/** What came of it. */
export interface Graded {
  /** What came of each check. */
  results: JobResult[];
  /** Whether every check that could be made has passed. */
  passed: boolean;
  /** What the grader has printed, if it has failed itself. */
  trouble: string | null;
}

/**
 * Makes all checks of the learner's own program.
 *
 * @param signal Ends it before its time.
 * @returns `null` if it was ended.
 */
export async function gradeOwn(
  { name, exercise, programs }: Lesson,
  signal?: AbortSignal,
): Promise<Graded | null> {
  const checks = exercise.checks.map((check) => check.name);
  const { results, code, interrupted, output } = await runJobs([{
    lesson: name,
    candidate: { kind: "file", path: programs.own },
    seed: Math.trunc(Math.random() * 1e9),
    checks,
    mark: crypto.randomUUID(),
  }], { signal });
  if (interrupted) return null;
  const whole = results.length === checks.length;
  return {
    results,
    passed: whole && code === 0,
    trouble: whole ? null : output,
  };
}
