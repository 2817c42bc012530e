/**
 * What a right answer to exercise 09 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { nameChecks } from "./name_checks.ts";
import { refusalChecks } from "./refusal_checks.ts";
import { roomChecks } from "./room_checks.ts";

/** The room in which people can change their names. */
export const exercise: Exercise = {
  lesson: "09_chat",
  summary:
    "In a room each client has a name and a task, and what one does is " +
    "told to the others. Whatever ends a client, its place is given up " +
    "in finally, once.",
  kind: "server",
  checks: [...nameChecks, ...refusalChecks, ...roomChecks],
};
