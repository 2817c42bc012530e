/**
 * The checks of an exercise with limits around them, for programs that nobody
 * has looked at.
 *
 * @module
 */
import type { Candidate, Check, Exercise } from "./check.ts";
import { confinementOf, strayImport } from "./confinement.ts";
import { CheckFailure, Skip } from "./failure.ts";
import { inMebibytes } from "./memory.ts";
import type { Target } from "./target.ts";

/** Options of {@linkcode fenced}. */
export interface FenceOptions {
  /** How long all checks together may take, in milliseconds. */
  time: number;
  /** The program. */
  candidate: Candidate;
}

/**
 * The exercise with the same checks, each of which fails as soon as the program
 * has gone over a limit, and says so.
 *
 * @param exercise The exercise.
 * @param options The limits. The time begins now.
 */
export async function fenced(
  exercise: Exercise,
  { time, candidate }: FenceOptions,
): Promise<Exercise> {
  const over = performance.now() + time;
  const confined = confinementOf(candidate);
  const stray = candidate.kind === "file" && confined !== undefined
    ? await strayImport(candidate.path, confined.folder)
    : undefined;

  async function run(check: Check, target: Target): Promise<void> {
    if (stray !== undefined) {
      throw new CheckFailure(`It imports ${stray}, which is not its own`, {
        cause: "A program that is handed in has its own folder, and lib/ of " +
          "the course",
      });
    }
    try {
      await untilLate(check, target);
    } catch (error) {
      if (confined !== undefined && hasExceeded(target)) {
        const limit = inMebibytes(confined.memory);
        throw new CheckFailure(
          `The program used more than ${limit} of memory`,
          {
            cause: "Something grows without end: a list, a buffer, a text",
          },
        );
      }
      throw error;
    }
  }

  async function untilLate(check: Check, target: Target): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const failure = new CheckFailure(
      `All checks together took longer than ${time / 1000} s`,
      { cause: "It answers too slowly, or too seldom" },
    );
    const left = over - performance.now();
    if (left <= 0) throw failure;
    const timer = setTimeout(() => reject(failure), left);
    try {
      await Promise.race([check.run(target), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  const checks = exercise.checks.map((check) => ({
    ...check,
    run: (target: Target) => run(check, target),
  }));
  return { ...exercise, checks };
}

/** Whether the program of a check has used too much memory. */
function hasExceeded(target: Target): boolean {
  try {
    return target.program.exceeded;
  } catch (error) {
    if (error instanceof Skip) return false; // None was started.
    throw error;
  }
}
