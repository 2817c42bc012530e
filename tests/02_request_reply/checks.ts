/**
 * What a right answer to exercise 02 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { endChecks } from "./end_checks.ts";
import { lineChecks } from "./line_checks.ts";

/** Many requests from one client, each of them checked. */
export const exercise: Exercise = {
  lesson: "02_request_reply",
  kind: "server",
  checks: [...lineChecks, ...endChecks],
};
