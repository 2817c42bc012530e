/**
 * What every lesson's program does around its own work: it ends on Ctrl+C, and
 * it says in one line what a person can put right.
 *
 * @module
 */
import { explainFailure, type FailureContext } from "./failures.ts";

/** Options of {@linkcode runProgram}. */
export interface ProgramOptions extends FailureContext {
  /** What to print on Ctrl+C. */
  farewell: string;
  /**
   * How long, in milliseconds, the program may go on after Ctrl+C. A second
   * Ctrl+C ends it at once.
   *
   * @default {0}
   */
  grace?: number;
}

/**
 * Runs `main` and ends the program as a person expects.
 *
 * On Ctrl+C (SIGINT) or SIGTERM it prints the farewell and ends the program
 * with status 0, wherever `main` is; the operating system closes its sockets.
 * With a `grace`, `main` is told through its signal and has so long to end.
 * The same happens when `main` calls the function that it gets, as it must
 * where it has made the terminal raw: there Ctrl+C is a key, and no signal.
 *
 * If `main` fails in a way that a person can put right, it prints one line and
 * ends with status 1. Any other error is a bug, and is thrown.
 *
 * @param main The program. Its signal is aborted on Ctrl+C; its function does
 * what Ctrl+C does.
 * @param options The farewell, and what a failure would be about.
 *
 * @example
 * ```ts
 * import { runProgram } from "./program.ts";
 *
 * const address = { hostname: "127.0.0.1", port: 0 };
 * await runProgram(async () => {
 *   using listener = Deno.listen(address);
 *   console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
 *   await Promise.resolve("serve somebody");
 * }, { address, farewell: "Server stopped" });
 * ```
 */
export async function runProgram(
  main: (signal: AbortSignal, stop: () => void) => Promise<void>,
  options: ProgramOptions,
): Promise<void> {
  const { farewell, grace = 0 } = options;
  const controller = new AbortController();
  const { signal } = controller;

  function stop(): void {
    if (signal.aborted) Deno.exit(0);
    console.log(farewell);
    if (grace === 0) Deno.exit(0);
    controller.abort();
    Deno.unrefTimer(setTimeout(() => Deno.exit(0), grace));
  }

  // Windows knows Ctrl+C, but no SIGTERM that could be listened to.
  const names: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const name of names) Deno.addSignalListener(name, stop);
  try {
    await main(signal, stop);
  } catch (error) {
    const line = explainFailure(error, options);
    if (line === undefined) throw error;
    console.error(line);
    Deno.exit(1);
  } finally {
    for (const name of names) Deno.removeSignalListener(name, stop);
  }
}
