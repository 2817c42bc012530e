/**
 * A program that is graded, in a process of its own, and its end together with
 * everything that it has started.
 *
 * @module
 */
import { printable } from "../../lib/console.ts";
import { LineSplitter } from "../../lib/lines.ts";

/** How many bytes of each output are kept, from its beginning. */
const KEPT = 1024 * 1024;

/** The longest line of output that is looked at, in bytes. */
const MAX_LINE = 256 * 1024;

/** How often those that are to be ended are looked for. */
const KILL_ROUNDS = 20;

/**
 * Whether setsid(1) makes the group. With `detached` Deno has to fork, and that
 * copies the page tables of the grader: some milliseconds for each program.
 */
const SETSID = Deno.build.os === "linux";

/** In the environment of every program that is graded, and of its children. */
export const MARK = "SOCKET_COURSE_GRADED";

/** The lines that a program prints, as they come. */
export class OutputLines {
  /** The lines so far; over the limit no more are added. */
  readonly lines: string[] = [];
  /** How many bytes came in all. */
  length = 0;
  /** Resolves when no more will come. */
  readonly ended: Promise<void>;
  #changed = Promise.withResolvers<void>();
  #open = true;

  /**
   * Begins to read.
   *
   * @param stream The output, which is read to its end whatever comes.
   */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stream);
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const splitter = new LineSplitter({ maxLength: MAX_LINE });
    for await (const chunk of stream) {
      this.length += chunk.length;
      if (this.length > KEPT || splitter.tooLong) continue;
      this.lines.push(...splitter.push(chunk));
      this.#wake();
    }
    const rest = splitter.tooLong ? null : splitter.finish();
    if (rest !== null) this.lines.push(rest);
    this.#open = false;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /**
   * Waits for a line for which `look` finds something, from line `from` on.
   *
   * @returns What it found; `null` if the output has ended without.
   */
  async find<T>(
    look: (line: string, index: number) => T | undefined,
    from = 0,
  ): Promise<T | null> {
    for (let index = from;; index++) {
      while (index >= this.lines.length) {
        if (!this.#open) return null;
        await this.#changed.promise;
      }
      const found = look(this.lines[index] as string, index);
      if (found !== undefined) return found;
    }
  }

  /** The last lines, harmless on a terminal; not those about Deno's inside. */
  tail(count: number): string[] {
    return this.lines
      .filter((line) => line.trim() !== "" && !/^ +at .*\bext:/.test(line))
      .slice(-count)
      .map((line) => printable(line).slice(0, 200));
  }
}

/** Options of {@linkcode GradedProcess}. */
export interface GradedProcessOptions {
  /** The folder that it runs in. */
  cwd: string | URL;
  /** Marks it and its children, so that all of them are found in the end. */
  mark: string;
}

/** A program that runs. Let go of it, and it is ended with all its children. */
export class GradedProcess implements AsyncDisposable {
  /** What it prints. */
  readonly stdout: OutputLines;
  /** What it prints to its standard error. */
  readonly stderr: OutputLines;
  /** Its exit status, or the signal that has ended it. */
  readonly ended: Promise<number | Deno.Signal>;
  /** When it was started, as of `performance.now()`. */
  readonly started: number = performance.now();
  /** Whether it still runs. */
  running = true;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #mark: string;

  /**
   * Starts a program.
   *
   * @param command Its name and arguments.
   * @throws {Deno.errors.NotFound} If there is no such program.
   */
  constructor(command: string[], { cwd, mark }: GradedProcessOptions) {
    const [name = "", ...args] = SETSID ? ["setsid", ...command] : command;
    this.#mark = mark;
    this.#child = new Deno.Command(name, {
      args,
      cwd,
      env: {
        [MARK]: mark,
        NO_COLOR: "1",
        // Python keeps what it prints to a pipe back until it is much.
        PYTHONUNBUFFERED: "1",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // A group of its own, so that its children can be ended with it.
      detached: !SETSID && Deno.build.os !== "windows",
    }).spawn();
    this.stdout = new OutputLines(this.#child.stdout);
    this.stderr = new OutputLines(this.#child.stderr);
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {}); // It may have closed its input.
    this.ended = this.#child.status.then(({ code, signal }) => {
      this.running = false;
      return signal ?? code;
    });
  }

  /** The number of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Types `bytes`. That its input is closed is no error. */
  async type(bytes: Uint8Array): Promise<void> {
    await this.#stdin.write(bytes).catch(() => {});
  }

  /** Ends its input, as Ctrl+D does. */
  async endInput(): Promise<void> {
    await this.#stdin.close().catch(() => {});
  }

  /** Sends it a signal. That it has ended is no error. */
  signal(signal: Deno.Signal): void {
    try {
      // The whole group: the shell, and what it has started.
      if (Deno.build.os === "windows") this.#child.kill(signal);
      else Deno.kill(-this.pid, signal);
    } catch {
      // It was faster.
    }
  }

  /** Ends it, and everything that it has started. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
    killMarked(this.#mark);
    await this.endInput();
    await Promise.all([this.stdout.ended, this.stderr.ended]);
  }
}

/**
 * Ends every process whose mark begins with `mark`: also one that has left its
 * group. Linux only; elsewhere it does nothing.
 */
export function killMarked(mark: string): void {
  if (Deno.build.os !== "linux") return;
  // One of them may start another while the list is read: look again.
  for (let round = 0; round < KILL_ROUNDS && killListed(mark); round++);
}

/** Ends those that the system lists now. Returns whether there were any. */
function killListed(mark: string): boolean {
  let any = false;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
      if (environment.includes(`${MARK}=${mark}`)) {
        Deno.kill(Number(name), "SIGKILL");
        any = true;
      }
    } catch {
      // It is not ours, or has just ended.
    }
  }
  return any;
}
