/**
 * Programs under test, each in a process of its own.
 *
 * @module
 */
import { within } from "./deadline.ts";

/** What a program has printed on one of its two outputs. */
class Output {
  text = "";
  #changed = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;
  #open = true;

  constructor(readonly name: string, stream: ReadableStream<Uint8Array>) {
    this.#ended = this.#collect(stream);
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.text += decoder.decode(chunk, { stream: true });
      this.#wake();
    }
    this.#open = false;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Waits until something printed matches `pattern`. */
  async match(pattern: RegExp): Promise<RegExpMatchArray> {
    while (true) {
      const match = this.text.match(pattern);
      if (match !== null) return match;
      if (!this.#open) {
        throw new Error(`${this.name} ended without ${pattern}: ${this.text}`);
      }
      await within(
        `${pattern} in ${this.name}: ${this.text}`,
        this.#changed.promise,
      );
    }
  }
}

/** How a program ended. */
export interface Ending {
  code: number;
  stdout: string;
  stderr: string;
}

/** Options of {@linkcode Program}. */
export interface StartOptions {
  cwd?: string | URL;
  env?: Record<string, string>;
}

/** A running program. It is killed when the test lets go of it. */
export class Program implements AsyncDisposable {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #running = true;

  constructor(command: string, args: string[], options: StartOptions = {}) {
    this.#process = new Deno.Command(command, {
      args,
      ...options,
      env: { NO_COLOR: "1", ...options.env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.stdout = new Output("standard output", this.#process.stdout);
    this.stderr = new Output("standard error", this.#process.stderr);
    this.#stdin = this.#process.stdin.getWriter();
    this.#process.status.then(() => this.#running = false);
  }

  get pid(): number {
    return this.#process.pid;
  }

  async type(text: string): Promise<void> {
    await within(
      "the program to take its input",
      this.#stdin.write(
        new TextEncoder().encode(text),
      ),
    );
  }

  /** Ends the input, as Ctrl+D does. */
  async endInput(): Promise<void> {
    await this.#stdin.close().catch(() => {});
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** The port in the ready line. */
  async port(): Promise<number> {
    const [, port] = await this.stdout.match(/Listening on \S*:(\d+)/);
    return Number(port);
  }

  /** Waits for the end. */
  async ending(): Promise<Ending> {
    const { code } = await within("the program to end", this.#process.status);
    await Promise.all([this.stdout.ended, this.stderr.ended]);
    return { code, stdout: this.stdout.text, stderr: this.stderr.text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) this.#process.kill("SIGKILL");
    await this.#process.status;
    await this.endInput();
    await Promise.all([this.stdout.ended, this.stderr.ended]);
  }
}

/** The folder of the project. */
export const ROOT = new URL("../", import.meta.url);

/** Starts a script of the project with the permissions that it documents. */
export function startScript(
  path: string,
  args: string[] = [],
  permissions: string[] = ["-N=127.0.0.1"],
): Program {
  return new Program(
    Deno.execPath(),
    ["run", "--no-prompt", ...permissions, path, ...args],
    { cwd: ROOT },
  );
}

/** Whether the system has this command. Says so if it has not. */
export async function has(command: string): Promise<boolean> {
  try {
    await new Deno.Command(command, { args: ["-h"] }).output();
    return true;
  } catch {
    console.log(
      `${command} is not installed: the tests that need it are skipped`,
    );
    return false;
  }
}
