/**
 * What ends the program at once.
 *
 * @module
 */
import { systemReason } from "../../tests/grader/system.ts";
import { TraceError } from "./trace.ts";

/** Ends the program with a line for the person who has started it. */
export function refuse(line: string, status = 2): never {
  console.error(line);
  Deno.exit(status);
}

/** Ends the program: there is something about a file. */
export function refuseFile(path: string, error: unknown): never {
  const why = error instanceof TraceError
    ? `is no trace that can be used: ${error.message}`
    : `cannot be used: ${systemReason(error)}`;
  refuse(`${path} ${why}`, 1);
}
