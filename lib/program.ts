/**
 * What every lesson's program does around its own work: it ends at once on
 * Ctrl+C, and it says in one line what a person can put right.
 *
 * @module
 */
import { explainFailure, type FailureContext } from "./failures.ts";

/** Options of {@linkcode runProgram}. */
export interface ProgramOptions extends FailureContext {
  /** What to print on Ctrl+C. */
  farewell: string;
}

/**
 * Runs `main` and ends the program as a person expects.
 *
 * On Ctrl+C (SIGINT) or SIGTERM it prints the farewell and ends the program
 * with status 0 wherever `main` is; the operating system closes its sockets.
 * If `main` fails in a way that a person can put right, it prints one line and
 * ends with status 1. Any other error is a bug, and is thrown.
 *
 * @param main The program.
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
  main: () => Promise<void>,
  options: ProgramOptions,
): Promise<void> {
  const stop = () => {
    console.log(options.farewell);
    Deno.exit(0);
  };
  // Windows knows Ctrl+C, but no SIGTERM that could be listened to.
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    await main();
  } catch (error) {
    const line = explainFailure(error, options);
    if (line === undefined) throw error;
    console.error(line);
    Deno.exit(1);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
}
