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
  kind: "server",
  checks: [...lineChecks, ...clientChecks],
};
