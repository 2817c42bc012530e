/**
 * A failure that teaches: what was promised, what was said on the wire, what
 * came instead, why that may be, and where to read on.
 *
 * @module
 */
import { printable } from "../../lib/console.ts";
import type { Candidate, Check, Exercise } from "./check.ts";
import { CheckFailure, Skip } from "./failure.ts";
import type { Target } from "./target.ts";

/** What a report is made of. */
export interface Findings {
  /** The exercise that was graded. */
  exercise: Exercise;
  /** The program. */
  candidate: Candidate;
  /** The check. */
  check: Check;
  /** What the check has thrown, `null` if it has passed. */
  error: unknown;
  /** What the check had in hand, with the record of what was said. */
  target: Target;
  /** Where everything random came from. */
  seed: number;
}

/** The lines of the report; none for a check that has passed. */
export async function reportOf(findings: Findings): Promise<string[]> {
  const { error, target } = findings;
  if (error === null) return [];
  if (error instanceof Skip) return [`Not checked: ${error.message}`];
  const conversation = target.conversation.lines();
  const talk = conversation.length === 0 ? [] : ["", ...conversation];
  if (!(error instanceof CheckFailure)) {
    return [
      "The grader itself has failed, not your program. Please report this:",
      ...String(error instanceof Error ? error.stack : error).split("\n")
        .map(printable),
      ...talk,
    ];
  }
  const { exercise, check } = findings;
  const step = await stepIn(findings);
  return [
    printable(error.message),
    ...talk,
    ...error.shown.length > 0 ? ["", ...error.shown.map(printable)] : [],
    "",
    `Likely:   ${error.likelyCause ?? check.hint}`,
    `The wire: ${check.about}`,
    ...step === null ? [] : [`Look at:  ${step}`],
    `Read on:  lessons/${exercise.lesson}/${check.page}`,
  ];
}

/** Where in the learner's file the step stands that the check is about. */
async function stepIn(
  { candidate, check }: Findings,
): Promise<string | null> {
  if (candidate.kind !== "file" || check.step === undefined) return null;
  const source = await Deno.readTextFile(candidate.path).catch(() => "");
  for (const [index, line] of source.split("\n").entries()) {
    const step = line.match(/^\s*\/\/ (STEP (\d+): .*)$/);
    if (step !== null && Number(step[2]) === check.step) {
      return `${candidate.path}:${index + 1}  ${step[1]}`;
    }
  }
  return null;
}
