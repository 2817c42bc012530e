/**
 * Grading: the checks of an exercise against a program.
 *
 * @module
 */
import type { Candidate, Check, Exercise, Verdict } from "./check.ts";
import { Experience } from "./experience.ts";
import { CheckFailure, Skip } from "./failure.ts";
import { pooled } from "./pool.ts";
import { killMarked } from "./process.ts";
import { Random } from "./random.ts";
import { reportOf } from "./report.ts";
import { Target } from "./target.ts";

/** No check takes longer, in milliseconds: its own waits end long before. */
const CHECK_LIMIT = 120_000;

/** How many lines of a conversation are handed on. */
const MOST_LINES = 200;

/** How many checks are made at a time: most of their time is waiting. */
const AT_ONCE = 4;

/** Options of {@linkcode Grading}. */
export interface GradingOptions {
  /** The checks. */
  exercise: Exercise;
  /** The program. */
  candidate: Candidate;
  /** Where everything random comes from. */
  seed: number;
  /** Marks the processes of this grading, so that none is left behind. */
  mark?: string;
}

/** The grading of one program. */
export class Grading {
  readonly #options: GradingOptions;
  readonly #experience = new Experience();
  readonly #mark: string;
  #count = 0;

  /**
   * Begins a grading.
   *
   * @param options The program and the exercise.
   */
  constructor(options: GradingOptions) {
    this.#options = options;
    this.#mark = options.mark ?? crypto.randomUUID();
  }

  /** Makes one check. Never throws. */
  async check(check: Check): Promise<Verdict> {
    const start = performance.now();
    const { exercise, candidate, seed } = this.#options;
    const target = new Target({
      candidate,
      permissions: exercise.permissions ?? [],
      random: new Random(seed, check.name),
      mark: `${this.#mark}.${this.#count++}.`,
      experience: this.#experience,
    });
    let error: unknown = null;
    try {
      await within(check.run(target), CHECK_LIMIT);
    } catch (thrown) {
      error = thrown;
    }
    try {
      await target[Symbol.asyncDispose]();
    } catch (thrown) {
      error ??= thrown;
    }
    const milliseconds = performance.now() - start;
    const outcome = outcomeOf(error);
    if (outcome === "failed") this.#experience.failed = true;
    return {
      check,
      outcome,
      milliseconds,
      message: error instanceof Error ? error.message : "",
      conversation: target.conversation.lines(MOST_LINES),
      report: await reportOf({
        exercise,
        candidate,
        check,
        error,
        target,
        seed,
      }),
    };
  }

  /** Ends whatever may be left. */
  end(): void {
    killMarked(`${this.#mark}.`);
  }
}

function outcomeOf(error: unknown): Verdict["outcome"] {
  if (error === null) return "passed";
  if (error instanceof CheckFailure) return "failed";
  return error instanceof Skip ? "skipped" : "error";
}

async function within<T>(promise: Promise<T>, limit: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`The check took longer than ${limit} ms`)),
    limit,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Makes all the checks of an exercise, several at a time unless the program has
 * a port of its own.
 *
 * @param options The program and the exercise.
 * @param told Is told each verdict as it comes.
 * @returns The verdicts, in the order of the checks.
 */
export async function gradeAll(
  options: GradingOptions,
  told: (verdict: Verdict) => void = () => {},
): Promise<Verdict[]> {
  const grading = new Grading(options);
  const { checks } = options.exercise;
  // One that a command starts has: it would be in use.
  const { candidate, exercise: { kind } } = options;
  const atOnce = candidate.kind === "file" || kind === "client" ? AT_ONCE : 1;
  const make = async (check: Check) => {
    const verdict = await grading.check(check);
    told(verdict);
    return verdict;
  };
  try {
    // The first one tells whether the program starts at all.
    const first = await pooled(checks.slice(0, 1), 1, make);
    return [...first, ...await pooled(checks.slice(1), atOnce, make)];
  } finally {
    grading.end();
  }
}
