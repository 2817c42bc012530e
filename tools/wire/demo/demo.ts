/**
 * One command, and there is something to see: a lesson's server, and a client
 * that talks to it by a script.
 *
 * @module
 */
import { DemoClient } from "./client.ts";
import { DemoError } from "./demo_error.ts";
import type { LessonDemo } from "./demos.ts";
import { LessonServer } from "./server.ts";

export { DemoError } from "./demo_error.ts";
export { demoNames, demoOf } from "./demos.ts";

/** How long a script may take, in milliseconds. */
const RUN_LIMIT = 60_000;

/** How long a server that serves one client may take to end after it. */
const END_LIMIT = 2000;

/** How long to wait whether the server's end is why the script has failed. */
const DEATH_LIMIT = 300;

const STOPPED = "it was stopped";

/** Options of {@linkcode Demo}. */
export interface DemoOptions {
  /**
   * How long the server may take until it listens, in milliseconds.
   *
   * @default {10_000}
   */
  startLimit?: number;
}

/** A lesson's demo. Let go of it, and its server and its clients are gone. */
export class Demo implements AsyncDisposable {
  readonly #demo: LessonDemo;
  readonly #startLimit: number;
  readonly #disposed = new AbortController();
  #server: LessonServer | null = null;
  #run: Promise<void> | null = null;

  /** Starts nothing yet. */
  constructor(demo: LessonDemo, { startLimit = 10_000 }: DemoOptions = {}) {
    this.#demo = demo;
    this.#startLimit = startLimit;
  }

  /**
   * The port of the lesson's server, which is started if it does not run.
   *
   * @throws {DemoError} If it does not listen.
   */
  async target(): Promise<number> {
    if (this.#disposed.signal.aborted) throw this.#error(STOPPED);
    if (!this.#server?.running) {
      this.#server = new LessonServer(this.#demo, this.#startLimit);
    }
    return await this.#server.port;
  }

  /**
   * Runs the script once.
   *
   * @param port Where its clients connect to, on this machine: the server's, or
   * that of a proxy in front of it.
   * @param signal Ends it before its time; then this throws its reason.
   * @throws {DemoError} If a reply does not come, or the script runs already.
   */
  async run(port: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#disposed.signal.aborted) throw this.#error(STOPPED);
    if (this.#run !== null) throw this.#error("it runs already");
    const run = this.#play(port, signal);
    this.#run = run.catch(() => {});
    try {
      await run;
    } catch (error) {
      signal?.throwIfAborted();
      await this.#serverEnd(DEATH_LIMIT);
      const lastWords = this.#server?.lastWords ?? "";
      throw this.#error(`${(error as Error).message}${lastWords}`);
    } finally {
      this.#run = null;
    }
  }

  /** Ends what runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort(new DemoError(STOPPED));
    await this.#server?.[Symbol.asyncDispose]();
    await this.#run;
  }

  async #play(port: number, signal?: AbortSignal): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new DemoError(`it took more than ${RUN_LIMIT / 1000} s`));
    }, RUN_LIMIT);
    const signals = [late.signal, this.#disposed.signal, signal];
    const stop = AbortSignal.any(signals.filter((one) => one !== undefined));
    try {
      await using clients = new AsyncDisposableStack();
      await this.#demo.script(async () =>
        clients.use(await DemoClient.connect(port, stop))
      );
    } finally {
      clearTimeout(timer);
      // So that whoever asks for the server next gets one that serves.
      if (this.#demo.servesOne) await this.#serverEnd(END_LIMIT);
    }
  }

  /** Waits for the end of the server's process, but not for long. */
  async #serverEnd(limit: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, limit);
    await Promise.race([late.promise, this.#server?.ended]);
    clearTimeout(timer);
  }

  #error(why: string): DemoError {
    const { lesson } = this.#demo;
    return new DemoError(`The demo of ${lesson} has failed: ${why}`);
  }
}
