/**
 * The report for a spreadsheet.
 *
 * @module
 */
import type { Graded } from "../../tests/grader/graders.ts";
import { hasFailed } from "../../tests/grader/pretty.ts";
import { type GradedClass, pointsFor } from "./results.ts";

/**
 * A cell of a CSV file (RFC 4180). What a spreadsheet would take for a formula
 * gets an apostrophe in front: a student names the folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { csvCell } from "./csv.ts";
 *
 * assertEquals(csvCell('Ann "A", B'), '"Ann ""A"", B"');
 * assertEquals(csvCell("=1+1"), "'=1+1");
 * assertEquals(csvCell(7), "7");
 * ```
 */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The report: a line for each student and lesson, as a gradebook has it. */
export function csvReport({ lessons }: GradedClass): string {
  const rows: (string | number)[][] = [[
    "student",
    "lesson",
    "handed in",
    "points",
    "of",
    "failed",
    "skipped",
    "milliseconds",
  ]];
  for (const { lesson, checks, submissions } of lessons) {
    for (const submission of submissions) {
      const { student, results, milliseconds } = submission;
      const { got, all } = pointsFor(submission, checks);
      const names = (some: Graded[] = []) =>
        some.map(({ name }) => name).join("; ");
      rows.push([
        student,
        lesson,
        results === null ? "no" : "yes",
        got,
        all,
        names(results?.filter(hasFailed)),
        names(results?.filter(({ outcome }) => outcome === "skipped")),
        milliseconds,
      ]);
    }
  }
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}
