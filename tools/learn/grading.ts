/**
 * Making the checks of an exercise.
 *
 * @module
 */
import { type JobResult, runJobs } from "../../tests/grader/job.ts";
import { randomSeed } from "../../tests/grader/random.ts";
import type { Lesson } from "./course.ts";

/** What came of the checks of the learner's own program. */
export interface Verdicts {
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
): Promise<Verdicts | null> {
  const checks = exercise.checks.map((check) => check.name);
  const { results, code, interrupted, output } = await runJobs([{
    lesson: name,
    candidate: { kind: "file", path: programs.own },
    seed: randomSeed(),
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

/** Grades again and again; what is under way is given up for the next one. */
export class Gradings {
  readonly #onChange: () => void;
  #current: { abort: AbortController; over: Promise<void> } | null = null;

  /** @param onChange Is called when one begins, and when none is under way. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whether one is under way. */
  get running(): boolean {
    return this.#current !== null;
  }

  /**
   * Begins to grade.
   *
   * @param take Is given what came of it, unless it was given up.
   * @param fail Is told why it could not be graded.
   */
  start(
    lesson: Lesson,
    take: (verdicts: Verdicts) => Promise<void>,
    fail: (error: Error) => void,
  ): void {
    const before = this.#current;
    before?.abort.abort();
    const abort = new AbortController();
    const grade = async () => {
      await before?.over;
      if (abort.signal.aborted) return;
      const verdicts = await gradeOwn(lesson, abort.signal);
      if (verdicts !== null && !abort.signal.aborted) await take(verdicts);
    };
    const over = grade().catch(fail).finally(() => {
      if (this.#current?.abort === abort) this.#current = null;
      this.#onChange();
    });
    this.#current = { abort, over };
    this.#onChange();
  }

  /** Gives up what is under way, and waits until nothing of it is left. */
  async stop(): Promise<void> {
    this.#current?.abort.abort();
    await this.#current?.over;
  }
}
