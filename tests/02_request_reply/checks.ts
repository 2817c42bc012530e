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
  summary: "One connection carries many requests when both sides know where " +
    "each of them ends: here at the newline. What comes from outside is " +
    "checked before it is used, and it is bounded before it is kept.",
  kind: "server",
  checks: [...lineChecks, ...endChecks],
};
