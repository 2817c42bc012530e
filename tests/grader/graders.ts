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
import type { Candidate, Verdict } from "./check.ts";
import { pooled } from "./pool.ts";

/** What to grade. */
export interface GradeOrder {
  /** The name of the lesson's folder: `01_echo`. */
  lesson: string;
  /** The program; a path is from the project's folder. */
  candidate: Candidate;
  /** Where everything random comes from. */
  seed: number;
  /** Marks the processes of this grading, so that somebody else can end them. */
  mark?: string;
  /** How long all checks together may take, in milliseconds. */
  time?: number;
}

/** What came of one check. */
export interface Graded {
  /** The name of the check. */
  name: string;
  /** How it has ended. */
  outcome: Verdict["outcome"];
  /** How long it took. */
  milliseconds: number;
  /** What happened, in one line; empty where it has passed. */
  message: string;
  /** The report on it, in lines. */
  report: string[];
}

/** A grader: one program after the other. Let go of it, and it ends. */
class Grader implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<unknown>;
  /** Whether it can grade one more. */
  alive = true;

  constructor(env: Record<string, string>) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--no-check",
        fileURLToPath(new URL("worker.ts", import.meta.url)),
      ],
      env,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#orders = this.#child.stdin.getWriter();
    this.#orders.closed.catch(() => {}); // It may have ended.
    this.#answers = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .getReader();
  }

  /** Makes all checks of a program. */
  async grade(order: GradeOrder): Promise<Graded[]> {
    try {
      const line = new TextEncoder().encode(`${JSON.stringify(order)}\n`);
      await this.#orders.write(line);
      const { value, done } = await this.#answers.read();
      if (done) throw new Error("The process that grades has ended");
      return JSON.parse(value as string);
    } catch (error) {
      this.alive = false;
      throw error;
    }
  }

  /** Ends it in the middle of its work. */
  kill(): void {
    this.alive = false;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It was faster.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#orders.close().catch(() => {}); // It may have ended.
    await this.#answers.cancel();
    await this.#child.status;
  }
}

/** What grades one program. */
export interface OneGrader {
  /** Makes all checks of a program. */
  grade(order: GradeOrder): Promise<Graded[]>;
  /** Ends it in the middle of its work; another one takes its place. */
  kill(): void;
}

/** Processes that grade. Let go of them, and they end. */
export class Graders implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #env: Record<string, string>;
  readonly #free: Grader[];
  readonly #all: Grader[] = [];
  #over = false;

  /**
   * Starts the processes.
   *
   * @param count How many programs are graded at a time, at most.
   * @param env Variables that they have besides those of this process.
   */
  constructor(count: number, env: Record<string, string> = {}) {
    this.#env = env;
    this.#free = Array.from({ length: count }, () => this.#start());
  }

  #start(): Grader {
    const grader = this.#stack.use(new Grader(this.#env));
    this.#all.push(grader);
    return grader;
  }

  /**
   * Does `work` with each item, with as many at a time as there are processes.
   *
   * @param work Is given a function that makes all checks of a program, and the
   * process behind it. Where that has ended, the next item has a new one.
   */
  async each<T>(
    items: readonly T[],
    work: (
      item: T,
      grade: OneGrader["grade"],
      grader: OneGrader,
    ) => Promise<unknown>,
  ): Promise<void> {
    await pooled(items, this.#free.length, async (item) => {
      if (this.#over) return;
      const grader = this.#free.pop() as Grader;
      await work(item, (order) => grader.grade(order), grader);
      if (this.#over) return;
      this.#free.push(grader.alive ? grader : this.#start());
    });
  }

  /** Ends all of them in the middle of their work; nothing more is begun. */
  kill(): void {
    this.#over = true;
    for (const grader of this.#all) grader.kill();
  }

  /** Ends the processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
