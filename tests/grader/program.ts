/**
 * The program that is graded, while it runs: what it prints, what it is given,
 * and how it ends.
 *
 * @module
 */
import type { Conversation } from "./conversation.ts";
import { CheckFailure } from "./failure.ts";
import { LATE, type Patience } from "./patience.ts";
import { type Address, formatted, listening } from "./ports.ts";
import { GradedProcess } from "./process.ts";

/** How many lines of what a program has printed last are shown. */
const LAST_WORDS = 6;

/** Options of {@linkcode RunningProgram}. */
export interface RunningProgramOptions {
  /** Where its start, its input and its end are noted. */
  conversation: Conversation;
  /** How long to wait for it. */
  patience: Patience;
  /** Marks its processes. */
  mark: string;
}

/** A program that was started. Let go of it, and it is ended. */
export class RunningProgram implements AsyncDisposable {
  readonly #process: GradedProcess;
  readonly #conversation: Conversation;
  readonly #patience: Patience;
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
    this.#process = start(command, options.mark);
    this.#process.ended.then((exit) => {
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
    const ended = this.#process.ended.then(() => this.#outputEnded());
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
    return await this.#process.stdout.find(find);
  }

  /** Types `text`. */
  async type(text: string): Promise<void> {
    this.#conversation.note("program", `is given ${JSON.stringify(text)}`);
    await this.#process.type(text);
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
    throw this.failure(
      `The program has not printed ${wanted}`,
      stdout.tail(LAST_WORDS).map((line) => `printed   ${line}`),
    );
  }

  /**
   * Waits for its end.
   *
   * @param status The exit status that it must have.
   * @param cause The likely cause if it fails.
   * @throws {CheckFailure} If it goes on, or ends otherwise.
   */
  async expectExit(status = 0, cause?: string): Promise<void> {
    const exit = await this.#patience.wait(this.#process.ended);
    if (exit === status) return;
    if (exit === LATE) {
      throw this.failure("The program goes on, and should end", [], cause);
    }
    await this.#outputEnded();
    throw this.failure(
      `The program ended with ${statusOf(exit)}, not with ${statusOf(status)}`,
      [],
      cause,
    );
  }

  /** How it has ended, in words; `undefined` while it runs. */
  get end(): string | undefined {
    if (this.#exit === null) return undefined;
    return `the program has ended with ${statusOf(this.#exit)}`;
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

  /** The program, a server, has not said where it listens: why that may be. */
  async notListening(): Promise<CheckFailure> {
    if (this.#exit !== null) {
      await this.#outputEnded();
      const inUse = /in use|EADDRINUSE|AddrInUse|WinError 10048/i
        .test(this.lastWords.join("\n"));
      return this.failure(
        `The program ended with ${statusOf(this.#exit)} before it listened`,
        [],
        inUse
          ? "Its port is taken: end the other program, or set SO_REUSEADDR"
          : "It has to listen, and say so, before anything else",
      );
    }
    const [place] = this.listensOn;
    if (place !== undefined) {
      return this.failure(
        `The program listens on ${place}, but has not said so`,
        [],
        `Print a line as soon as it listens: Listening on ${place}. ` +
          `Or grade it while it runs: --connect ${place}`,
      );
    }
    return this.failure(
      "The program runs, but does not listen",
      this.#process.stdout.tail(LAST_WORDS).map((line) => `printed   ${line}`),
      "It has to listen, and print Listening on 127.0.0.1:PORT",
    );
  }

  /** Nobody answers at the address that the program has printed: why. */
  refused(client: string, address: Address): CheckFailure {
    const where = formatted(address);
    const [other] = this.listensOn.filter((place) => place !== where);
    if (this.end !== undefined) {
      return this.failure(`${client} cannot connect: ${this.end}`);
    }
    if (other === undefined) {
      return this.failure(
        `${client} cannot connect to ${where}: nobody listens`,
      );
    }
    return this.failure(
      `The program says that it listens on ${where}, but it listens on ${other}`,
      [],
      "Print the port that the listener really has",
    );
  }

  /** Where it listens, as the system says; empty where that cannot be known. */
  get listensOn(): string[] {
    return (listening(this.#process.pid) ?? []).map(formatted);
  }

  async #outputEnded(): Promise<void> {
    await Promise.all([this.#process.stdout.ended, this.#process.stderr.ended]);
  }

  /** Ends it, and everything that it has started. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#released = true;
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
