/**
 * What a right answer to exercise 11 does on the wire.
 *
 * @module
 */
import type { Check, Exercise } from "../grader/check.ts";
import { commandChecks } from "./command_checks.ts";
import { limitChecks } from "./limit_checks.ts";
import { roomChecks } from "./room_checks.ts";
import { timeChecks } from "./time_checks.ts";

/** What the learner builds; the rest is there already. */
const chosen: Check[] = [...timeChecks, ...commandChecks, ...limitChecks]
  .map((check) => ({ ...check, points: 3 }));

/** The sandbox, with commands and limits of the learner's own choice. */
export const exercise: Exercise = {
  lesson: "11_sandbox",
  summary: "What is said and how it is carried are two things: a command is " +
    "the same with lines as with frames. Each limit bounds what one " +
    "guest can cost the others, and says so to the guest before it ends " +
    "anything.",
  kind: "server",
  // Those that take seconds are early: others are made meanwhile.
  checks: [...roomChecks, ...chosen],
};
