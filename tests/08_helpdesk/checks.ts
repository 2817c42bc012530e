/**
 * What a right answer to exercise 08 does on the wire, and in its file.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { fileChecks } from "./file_checks.ts";
import { historyChecks } from "./history_checks.ts";
import { sessionChecks } from "./session_checks.ts";

/** The helpdesk that remembers. */
export const exercise: Exercise = {
  lesson: "08_helpdesk",
  summary: "A session is what the server keeps for a client from its first " +
    "message to its end. An acknowledgement of the program says that a " +
    "message was understood and written down, which TCP cannot say for " +
    "it.",
  kind: "server",
  permissions: ["-R={folder}", "-W={folder}"],
  checks: [...sessionChecks, ...fileChecks, ...historyChecks],
};
