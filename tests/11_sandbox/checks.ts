/**
 * What a right answer to exercise 11 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { commandChecks } from "./command_checks.ts";
import { limitChecks } from "./limit_checks.ts";
import { roomChecks } from "./room_checks.ts";
import { timeChecks } from "./time_checks.ts";

/** The sandbox, with commands and limits of the learner's own choice. */
export const exercise: Exercise = {
  lesson: "11_sandbox",
  kind: "server",
  // Those that take seconds are early: others are made meanwhile.
  checks: [...roomChecks, ...timeChecks, ...commandChecks, ...limitChecks],
};
