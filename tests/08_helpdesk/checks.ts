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
  kind: "server",
  permissions: ["-R={folder}", "-W={folder}"],
  checks: [...sessionChecks, ...fileChecks, ...historyChecks],
};
