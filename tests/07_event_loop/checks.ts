/**
 * What a right answer to exercise 07 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { lineChecks } from "./line_checks.ts";
import { replyChecks } from "./reply_checks.ts";

/** The client that never gets out of step. The grader is its server. */
export const exercise: Exercise = {
  lesson: "07_event_loop",
  kind: "client",
  checks: [...lineChecks, ...replyChecks],
};
