/**
 * Programs of others on the other side: nc, and Python scripts in the manner of
 * the usual tutorials.
 *
 * @module
 */
import { type Ending, has, Program } from "./program.ts";

/** Options of a test that is skipped where there is no nc. */
export const needsNc = { ignore: !await has("nc") };

/** Options of a test that is skipped where there is no Python. */
export const needsPython = { ignore: !await has("python3") };

/** Starts nc, which half-closes (`-N`) when its input ends. */
export function startNc(port: number): Program {
  return new Program("nc", ["-N", "127.0.0.1", String(port)]);
}

/** Sends `text` with nc and returns what it got back. */
export async function runNc(port: number, text: string): Promise<Ending> {
  await using nc = startNc(port);
  await nc.type(text);
  await nc.endInput();
  return await nc.ending();
}

/** Starts a Python script. What it prints is UTF-8 and comes at once. */
export function startPython(
  source: string,
  ...args: (string | number)[]
): Program {
  return new Program("python3", ["-u", "-c", source, ...args.map(String)], {
    env: { PYTHONIOENCODING: "utf-8" },
  });
}

/** Runs a Python script to its end. */
export async function runPython(
  source: string,
  ...args: (string | number)[]
): Promise<Ending> {
  await using program = startPython(source, ...args);
  return await program.ending();
}
