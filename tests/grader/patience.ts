/**
 * How long to wait for a program before it counts as silent.
 *
 * @module
 */

/** No limit is shorter, in milliseconds. */
const SHORTEST = 500;

/** The same for a program that has failed a check. */
const SHORTEST_AFTER_FAILURE = 200;

/** No limit is longer, in milliseconds. */
const LONGEST = 10_000;

/** How often a known program is run before silence is believed. */
const CONTROLS = 2;

/** A machine on which a known program takes longer is slow, in milliseconds. */
const SLOW = 250;

/** Stands for an answer that has not come. */
export const LATE: unique symbol = Symbol("late");

/**
 * Waits, but not for ever; and never gives up on a program only because the
 * machine is slow.
 *
 * The limit follows what was seen: six times as long as the program took to
 * start, ten times as long as its slowest answer so far. When it is over, the
 * machine is asked: a known program is started and has to end. Only if nothing
 * has come by then, the answer is late. With a machine that is busy that takes
 * longer, just as the answer does.
 */
export class Patience {
  readonly #hasFailed: () => boolean;
  #limit = 0;

  /**
   * Begins with the shortest limit.
   *
   * @param hasFailed Whether the program has failed a check by now: one that
   * never answers would have the whole limit waited for in each of them.
   */
  constructor(hasFailed: () => boolean = () => false) {
    this.#hasFailed = hasFailed;
  }

  /** The limit as it is now, in milliseconds. */
  get limit(): number {
    const shortest = this.#hasFailed() ? SHORTEST_AFTER_FAILURE : SHORTEST;
    return Math.min(LONGEST, Math.max(this.#limit, shortest));
  }

  /** Has learnt that the program took so many milliseconds to start. */
  started(milliseconds: number): void {
    this.#stretch(6 * milliseconds);
  }

  /**
   * Waits for `answer`.
   *
   * @param answer What is due. It must not reject when nobody waits any more.
   * @param extra Milliseconds that the program may take on top, because it was
   * told to.
   * @returns The answer, or {@linkcode LATE}.
   */
  async wait<T>(answer: Promise<T>, extra = 0): Promise<T | typeof LATE> {
    const start = performance.now();
    let come = await orLate(answer, this.limit + extra);
    for (let count = 0; come === LATE && count < CONTROLS; count++) {
      await runControl();
      come = await orLate(answer, 0);
    }
    if (come !== LATE) this.#stretch(10 * (performance.now() - start - extra));
    return come;
  }

  #stretch(milliseconds: number): void {
    this.#limit = Math.max(this.#limit, milliseconds);
  }
}

/** Waits for `answer` at most so many milliseconds. */
async function orLate<T>(
  answer: Promise<T>,
  milliseconds: number,
): Promise<T | typeof LATE> {
  const { promise: late, resolve } = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(() => resolve(LATE), milliseconds);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Starts a program that does nothing, and waits for its end. */
async function runControl(): Promise<void> {
  await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "0"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

/**
 * Whether the machine is so slow just now that a limit of a second or two, which
 * the program itself keeps, says nothing about the program.
 */
export async function isMachineSlow(): Promise<boolean> {
  const start = performance.now();
  await runControl();
  return performance.now() - start > SLOW;
}
