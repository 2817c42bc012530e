/**
 * The verdict on an exercise, for a person at a terminal.
 *
 * @module
 */
import type { Check } from "./check.ts";
import type { JobResult } from "./job.ts";
import { wrapWords } from "./wrap.ts";

/** How wide a line of a report may be, without its margin. */
const WIDTH = 74;

/** What each outcome is called. */
export const WORDS: Record<JobResult["outcome"], string> = {
  passed: "ok  ",
  failed: "FAIL",
  skipped: "skip",
  error: "????",
};

/** Points that a program has got, and those that there were to get. */
export interface Points {
  /** Those of the checks that have passed. */
  got: number;
  /** Those of all checks that were made. */
  all: number;
}

/** Whether a check has neither passed nor was skipped. */
export function hasFailed({ outcome }: Pick<JobResult, "outcome">): boolean {
  return outcome === "failed" || outcome === "error";
}

/** The points of one exercise. What was skipped does not count. */
export function pointsOf(
  results: Pick<JobResult, "name" | "outcome">[],
  checks: Check[],
): Points {
  const points: Points = { got: 0, all: 0 };
  for (const { name, outcome } of results) {
    const worth = checks.find((check) => check.name === name)?.points ?? 1;
    if (outcome !== "skipped") points.all += worth;
    if (outcome === "passed") points.got += worth;
  }
  return points;
}

/**
 * The verdict in lines: every check with its outcome, the report on the first
 * that has failed, and the points.
 *
 * @param results What came of the checks of one exercise.
 * @param points What they are worth.
 * @param again The command that makes one check again, its name left out.
 */
export function prettyVerdict(
  results: JobResult[],
  points: Points,
  again: string,
): string[] {
  const lines = results.map(({ name, outcome, milliseconds, message }) =>
    `  ${WORDS[outcome]}  ${name}` +
    (outcome === "passed" ? ` (${milliseconds} ms)` : "") +
    (outcome === "skipped" ? `: ${message}` : "")
  );
  const wrong = results.filter(hasFailed);
  const [first] = wrong;
  if (first !== undefined) {
    lines.push("", `${WORDS[first.outcome]}  ${first.name}`);
    lines.push(
      ...first.report.flatMap(wrapped).map((line) => line && `      ${line}`),
    );
    lines.push("", `This check again:  ${again} --check "${first.name}"`);
  }
  const others = wrong.length - 1;
  lines.push(
    `${points.got} of ${points.all} points` +
      (others > 0 ? `. ${others} more failed; mend this one first` : ""),
  );
  return lines;
}

/** Sentences are cut between words, as wide as a terminal is at least. */
function wrapped(line: string): string[] {
  return /^(?:Likely|The wire|Look at): /.test(line)
    ? wrapWords(line, WIDTH)
    : [line];
}
