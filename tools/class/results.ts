/**
 * What came of grading a class.
 *
 * @module
 */
import type { Graded } from "../../tests/grader/graders.ts";
import { hasFailed, type Points, pointsOf } from "../../tests/grader/pretty.ts";
import type { Check } from "../../tests/grader/check.ts";

/** What one student's program is worth. */
export interface Submission {
  /** The name of the student's folder. */
  student: string;
  /** What came of each check, in their order; `null`: not handed in. */
  results: Graded[] | null;
  /** How long it took, in milliseconds. */
  milliseconds: number;
}

/** A lesson, and what came of everybody's program. */
export interface GradedLesson {
  /** The name of its folder: `01_echo`. */
  lesson: string;
  /** Its checks. */
  checks: Check[];
  /** Everybody's, in the order of the names. */
  submissions: Submission[];
}

/** What came of grading a class. */
export interface GradedClass {
  /** What was graded: the path of a folder, or of a list of addresses. */
  from: string;
  /** Where everything random came from. */
  seed: number;
  /** The lessons, in their order. */
  lessons: GradedLesson[];
}

/** The points of a submission; without a program there are none. */
export function pointsFor(
  { results }: Submission,
  checks: Check[],
): Points {
  if (results !== null) return pointsOf(results, checks);
  const all = checks.reduce((sum, { points = 1 }) => sum + points, 0);
  return { got: 0, all };
}

/** How many programs have failed a check. */
export function failuresOf(
  { submissions }: GradedLesson,
  { name }: Check,
): number {
  return submissions.filter(({ results }) =>
    results?.some((result) => result.name === name && hasFailed(result))
  ).length;
}
