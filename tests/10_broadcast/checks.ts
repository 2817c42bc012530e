/**
 * What a right answer to exercise 10 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { leavingChecks } from "./leaving_checks.ts";
import { messageChecks } from "./message_checks.ts";
import { sleeperChecks } from "./sleeper_checks.ts";

/** The room that no client can hurt, be it dead or slow. */
export const exercise: Exercise = {
  lesson: "10_broadcast",
  summary: "Nobody may wait for a write to somebody else: each client has a " +
    "queue of its own, and a task that empties it. The queue is " +
    "bounded, because a client that does not read would otherwise fill " +
    "the memory of the server.",
  kind: "server",
  checks: [...messageChecks, ...leavingChecks, ...sleeperChecks],
};
