/**
 * A lesson's server, in a process of its own.
 *
 * @module
 */
import { printable } from "../../../lib/console.ts";
import { OutputLines } from "../../../tests/grader/process.ts";
import { DemoError } from "./demo_error.ts";
import type { LessonDemo } from "./demos.ts";

const ROOT = new URL("../../../", import.meta.url);

/** A server that runs, or has run. Let go of it, and its process is ended. */
export class LessonServer implements AsyncDisposable {
  /** Resolves when its process has ended, and all it has said has come. */
  readonly ended: Promise<void>;
  /** The port that it listens on; a {@linkcode DemoError} if it does not. */
  readonly port: Promise<number>;
  readonly #process: Deno.ChildProcess;
  readonly #stdout: OutputLines;
  readonly #stderr: OutputLines;
  #running = true;

  /**
   * Starts it on a free port.
   *
   * @param limit How long it may take until it listens, in milliseconds.
   */
  constructor(demo: LessonDemo, limit: number) {
    const { lesson, server, permissions = ["-N=127.0.0.1"], flags = [] } = demo;
    const script = new URL(server, new URL(`lessons/${lesson}/`, ROOT));
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        ...permissions,
        script.href,
        "--port",
        "0",
        ...flags,
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdout = new OutputLines(this.#process.stdout);
    this.#stderr = new OutputLines(this.#process.stderr);
    this.ended = this.#process.status.then(async () => {
      this.#running = false;
      await Promise.all([this.#stdout.ended, this.#stderr.ended]);
    });
    this.port = this.#ready(lesson, limit);
    this.port.catch(() => {}); // Whoever asks for it is told.
  }

  /** Whether its process has not ended yet. */
  get running(): boolean {
    return this.#running;
  }

  /** What it has said about its end, with a colon in front; or nothing. */
  get lastWords(): string {
    if (this.#running) return "";
    const lines = this.#stderr.lines.filter((line) => line.trim() !== "");
    const line = lines.find((line) => line.startsWith("error:")) ??
      lines.at(-1);
    return line === undefined ? "" : `: ${printable(line).slice(0, 300)}`;
  }

  /** Ends its process. That it has ended already is no error. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#running) this.#process.kill("SIGKILL");
    } catch {
      // It was faster.
    }
    await this.ended;
  }

  async #ready(lesson: string, limit: number): Promise<number> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this[Symbol.asyncDispose](); // Its output ends, and with it the wait.
    }, limit);
    const port = await this.#stdout.find((line) =>
      line.match(/Listening on \S*:(\d+)/)?.[1]
    );
    clearTimeout(timer);
    if (port !== null) return Number(port);
    await this[Symbol.asyncDispose]();
    throw new DemoError(
      late
        ? `The server of ${lesson} did not listen within ${limit / 1000} s`
        : `The server of ${lesson} ended before it listened${this.lastWords}`,
    );
  }
}
