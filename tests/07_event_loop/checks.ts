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
  summary: "A client that knows how long its reply is reads until it has all " +
    "of it, and so it never gets out of step. Only two times from the " +
    "same clock may be subtracted: the round trip is known, the way in " +
    "one direction is not.",
  kind: "client",
  checks: [...lineChecks, ...replyChecks],
};
