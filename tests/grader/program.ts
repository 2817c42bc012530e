/**
 * The program that is graded, while it runs: what it prints, what it is given,
 * and how it ends.
 *
 * @module
 */
import type { Conversation } from "./conversation.ts";
import { CheckFailure } from "./failure.ts";
import { MemoryWatch, saysNoMemory } from "./memory.ts";
import { LATE, type Patience } from "./patience.ts";
import { type Address, formatted, listening } from "./ports.ts";
import { GradedProcess } from "./process.ts";
import { show } from "./show.ts";

/** How many lines of what a program has printed last are shown. */
const LAST_WORDS = 6;

/** How many bytes are typed at a time. */
const TYPED = 65_536;

/** Options of {@linkcode RunningProgram}. */
export interface RunningProgramOptions {
  /** Where its start, its input and its end are noted. */
  conversation: Conversation;
  /** How long to wait for it. */
  patience: Patience;
  /** Marks its processes. */
  mark: string;
  /** How many bytes of memory it may have in use, if there is a limit. */
  memory?: number | undefined;
}

/** A program that was started. Let go of it, and it is ended. */
export class RunningProgram implements AsyncDisposable {
  readonly #process: GradedProcess;
  readonly #conversation: Conversation;
  readonly #patience: Patience;
  readonly #watch: MemoryWatch | null;
  #exit: number | Deno.Signal | null = null;
  #released = false;

  /**
   * Starts a program.
   *
   * @param command Its name and arguments.
   * @throws {CheckFailure} If there is no such command.
   */
  constructor(command: string[], options: RunningProgramOptions) {
    this.#conversation = options.conversation;
    this.#patience = options.patience;
    const process = this.#process = start(command, options.mark);
    const { memory } = options;
    this.#watch = memory === undefined
      ? null
      : new MemoryWatch(process.pid, memory, () => process.signal("SIGKILL"));
    process.ended.then((exit) => {
      this.#watch?.[Symbol.dispose]();
      this.#exit = exit;
      if (this.#released) return;
      this.#conversation.note("program", `ends with ${statusOf(exit)}`);
    });
  }

  /** Resolves when it has ended. */
  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  /** Waits a moment for its end, which may be on its way. */
  async settle(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#patience.limit);
    const ended = this.#process.ended.then(() => this.outputEnded());
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }

  /** How long it has run, in milliseconds. */
  get age(): number {
    return performance.now() - this.#process.started;
  }

  /** The address of its ready line; `null` if it ends without one. */
  async address(
    find: (line: string) => Address | undefined,
  ): Promise<Address | null> {
    const address = await this.#process.stdout.find(find);
    if (address === null) await this.settle();
    return address;
  }

  /**
   * Types `text`, and waits until the system has taken it.
   *
   * @throws {CheckFailure} If the program does not read it, so that there is no
   * room for more.
   */
  async type(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    this.#conversation.note("program", `is given ${show(bytes)}`);
    for (let start = 0; start < bytes.length; start += TYPED) {
      const typed = this.#process.type(bytes.subarray(start, start + TYPED));
      if (await this.#patience.wait(typed) === LATE) {
        throw this.failure("The program does not read its input");
      }
    }
  }

  /** Ends its input, as Ctrl+D does. */
  async endInput(): Promise<void> {
    this.#conversation.note("program", "is given the end of its input");
    await this.#process.endInput();
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    this.#conversation.note("program", `gets the signal ${signal}`);
    this.#process.signal(signal);
  }

  /** Ends it as `kill -9` does, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#conversation.note("program", "is killed");
    await this[Symbol.asyncDispose]();
  }

  /** The lines that it has printed so far to its standard output. */
  get printed(): readonly string[] {
    return this.#process.stdout.lines;
  }

  /**
   * Waits until it prints a line that matches, and returns the match.
   *
   * @param wanted The line in words, for the message.
   * @param from The line to begin with, 0 is the first.
   * @throws {CheckFailure} If no line does.
   */
  async expectPrinted(
    pattern: RegExp,
    wanted: string,
    from = 0,
  ): Promise<RegExpMatchArray> {
    const { stdout } = this.#process;
    const match = await this.#patience.wait(
      stdout.find((line) => line.match(pattern) ?? undefined, from),
    );
    if (match !== null && match !== LATE) return match;
    if (match === null) await this.settle();
    throw this.failure(
      `The program has not printed ${wanted}${this.because}`,
      this.lastPrinted,
    );
  }

  /**
   * Waits for its end.
   *
   * @param status The exit status that it must have; `null` is any.
   * @param cause The likely cause if it fails.
   * @throws {CheckFailure} If it goes on, or ends otherwise.
   */
  async expectExit(status: number | null = 0, cause?: string): Promise<void> {
    const exit = await this.#patience.wait(this.#process.ended);
    if (exit === LATE) {
      throw this.failure("The program goes on, and should end", [], cause);
    }
    await this.outputEnded();
    if (exit === (status ?? exit)) return;
    throw this.failure(
      `The program ended with ${statusOf(exit)}, not with ${
        statusOf(status ?? exit)
      }`,
      [],
      cause,
    );
  }

  /** How it has ended, in words: `status 1`; `undefined` while it runs. */
  get status(): string | undefined {
    return this.#exit === null ? undefined : statusOf(this.#exit);
  }

  /** The same in a sentence; `undefined` while it runs. */
  get end(): string | undefined {
    const { status } = this;
    return status && `the program has ended with ${status}`;
  }

  /** The same behind a message; empty while it runs. */
  get because(): string {
    return this.end === undefined ? "" : `: ${this.end}`;
  }

  /** What it has printed last to its standard output, a line each. */
  get lastPrinted(): string[] {
    return this.#process.stdout.tail(LAST_WORDS)
      .map((line) => `printed   ${line}`);
  }

  /** What it has printed last to its standard error, a line each. */
  get lastWords(): string[] {
    return this.#process.stderr.tail(LAST_WORDS)
      .map((line) => `it said   ${line}`);
  }

  /** A failure that shows the program's last words as well. */
  failure(message: string, shown: string[] = [], cause?: string): CheckFailure {
    return new CheckFailure(message, {
      shown: [...shown, ...this.lastWords],
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** Where it listens, as the system says; empty where that cannot be known. */
  get listensOn(): string[] {
    return (listening(this.#process.pid) ?? []).map(formatted);
  }

  /** Waits until all that it has printed is there. */
  async outputEnded(): Promise<void> {
    const { stdout, stderr } = this.#process;
    // A child of its own may keep them open.
    await this.#patience.wait(Promise.all([stdout.ended, stderr.ended]));
  }

  /** Whether it has used more memory than it may, if there is a limit. */
  get exceeded(): boolean {
    return this.#watch !== null &&
      (this.#watch.exceeded || this.#process.stderr.lines.some(saysNoMemory));
  }

  /** Ends it, and everything that it has started. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#released = true; // Its end is no news any more.
    await this.#process[Symbol.asyncDispose]();
  }
}

function start(command: string[], mark: string): GradedProcess {
  try {
    return new GradedProcess(command, { cwd: Deno.cwd(), mark });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new CheckFailure(`There is no command "${command[0]}"`);
  }
}

function statusOf(exit: number | Deno.Signal): string {
  return typeof exit === "number" ? `status ${exit}` : `the signal ${exit}`;
}
