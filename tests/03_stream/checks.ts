/**
 * What a right answer to exercise 03 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { clientChecks } from "./client_checks.ts";
import { lineChecks } from "./line_checks.ts";

/** The lines in the stream. */
export const exercise: Exercise = {
  lesson: "03_stream",
  summary: "The pieces that reads return have nothing to do with the pieces " +
    "that were written. So the bytes behind the last newline are kept, " +
    "for each client by itself, until the rest of the line is there.",
  kind: "server",
  checks: [...lineChecks, ...clientChecks],
};
