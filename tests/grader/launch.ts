/**
 * The command that starts a program.
 *
 * @module
 */
import type { Candidate } from "./check.ts";
import { confiningFlags, withHardLimit } from "./confinement.ts";
import { Skip } from "./failure.ts";

/** Options of {@linkcode commandOf}. */
export interface LaunchOptions {
  /** What Deno allows the program, as flags. */
  permissions: string[];
  /** Arguments of the check's own. */
  args: string[];
  /** The port that a client connects to; `null` for a server. */
  port: number | null;
}

/**
 * The words of the command that starts `candidate`.
 *
 * A server that Deno runs takes a free port. One that a command starts has a
 * port of its own. A client is told the port, as `--port PORT` behind its other
 * arguments.
 *
 * @throws {Skip} If it runs already.
 */
export function commandOf(
  candidate: Candidate,
  { permissions, args, port }: LaunchOptions,
): string[] {
  switch (candidate.kind) {
    case "address":
      throw new Skip("it needs a program that the grader has started");
    case "file": {
      const { path, confined } = candidate;
      const command = [
        Deno.execPath(),
        "run",
        "--no-prompt",
        "--no-check",
        ...confined === undefined
          ? ["-N=127.0.0.1"]
          : confiningFlags(confined, port),
        ...permissions,
        path,
        "--port",
        String(port ?? 0),
        ...args,
      ];
      return confined === undefined
        ? command
        : withHardLimit(command, confined.memory);
    }
    case "command": {
      const told = port === null ? [] : ["--port", String(port)];
      const words = [candidate.command, ...[...told, ...args].map(quoted)];
      return shellOf(words.join(" "));
    }
  }
}

function shellOf(line: string): string[] {
  if (Deno.build.os === "windows") return ["cmd", "/c", line];
  // Where the line is one command, it takes the shell's place, and a signal
  // reaches it.
  return ["sh", "-c", /[;&|]/.test(line) ? line : `exec ${line}`];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}
