/**
 * Several graders at a time, each in a process of its own.
 *
 * Threads would not do. A process that one of them starts has, until it becomes
 * another program, a copy of every socket of the others. What they close
 * meanwhile stays open, and a wrong answer that cannot bear a reset passes.
 *
 * @module
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { fileURLToPath } from "node:url";
import type { Verdict } from "./check.ts";
import { pooled } from "./pool.ts";

/** What to grade. */
export interface GradeOrder {
  /** The name of the lesson's folder: `01_echo`. */
  lesson: string;
  /** The program, from the project's folder. */
  path: string;
  /** Where everything random comes from. */
  seed: number;
}

/** What came of one check. */
export interface Graded {
  /** The name of the check. */
  name: string;
  /** How it has ended. */
  outcome: Verdict["outcome"];
  /** The report on it, in lines. */
  report: string[];
}

/** A grader: one program after the other. Let go of it, and it ends. */
class Grader implements AsyncDisposable {
  readonly #child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-check",
      fileURLToPath(new URL("worker.ts", import.meta.url)),
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  readonly #orders = this.#child.stdin.getWriter();
  readonly #answers = this.#child.stdout
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream())
    .getReader();

  /** Makes all checks of a program. */
  async grade(order: GradeOrder): Promise<Graded[]> {
    const line = new TextEncoder().encode(`${JSON.stringify(order)}\n`);
    await this.#orders.write(line);
    const { value, done } = await this.#answers.read();
    if (done) throw new Error("The process that grades has ended");
    return JSON.parse(value as string);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#orders.close().catch(() => {}); // It may have ended.
    await this.#answers.cancel();
    await this.#child.status;
  }
}

/** Processes that grade. Let go of them, and they end. */
export class Graders implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #free: Grader[];

  /**
   * Starts the processes.
   *
   * @param count How many programs are graded at a time, at most.
   */
  constructor(count: number) {
    this.#free = Array.from(
      { length: count },
      () => this.#stack.use(new Grader()),
    );
  }

  /**
   * Does `work` with each item, with as many at a time as there are processes.
   *
   * @param work Is given a function that makes all checks of a program.
   */
  async each<T>(
    items: readonly T[],
    work: (item: T, grade: Grader["grade"]) => Promise<unknown>,
  ): Promise<void> {
    await pooled(items, this.#free.length, async (item) => {
      const grader = this.#free.pop() as Grader;
      await work(item, (order) => grader.grade(order));
      this.#free.push(grader);
    });
  }

  /** Ends the processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
