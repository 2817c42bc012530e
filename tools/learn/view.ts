/**
 * What the learner sees: a screen for each state, as rows of text.
 *
 * @module
 */
import { styleText } from "node:util";
import { printable } from "../../lib/console.ts";
import type { JobResult } from "../../tests/grader/job.ts";
import { hasFailed, WORDS } from "../../tests/grader/pretty.ts";
import { bar, cutOff, wrap } from "./layout.ts";
import type { Size } from "./screen.ts";

/** What can be done with a key, in the last row. */
const KEYS =
  "h hint n next p prev l list r run w wire s diff x reset o page e edit q quit";

/** How many rows are around the text: two above, with a rule, and two below. */
const AROUND = 5;

/** What is on the screen. */
export interface View {
  /** The number of the lesson, 1 is the first, and of how many. */
  number: number;
  lessons: number;
  /** How many of them have passed. */
  passed: number;
  /** The learner's file. */
  file: string;
  /** What is going on: `checking...`, `3 of 7 checks passed`. */
  status: string;
  /** What there is to read. */
  text: string[];
  /** The first row of it that is shown. */
  scroll: number;
  /** A question or some news, in the row above the keys. */
  message: string;
}

/** The text in rows as wide as the terminal, and harmless there. */
export function rowsOf(text: string[], columns: number): string[] {
  return text.flatMap((line) =>
    wrap(printable(line.replaceAll("\t", "    ")), columns)
  );
}

/** How many rows of text are shown at a time. */
export function roomFor({ rows }: Size): number {
  return Math.max(1, rows - AROUND);
}

/** The first row that is shown after a key: a row, or a screen, up or down. */
export function scrolled(first: number, key: string, room: number): number {
  const steps = { up: -1, down: 1, " ": room, b: -room }[key] ?? 0;
  return Math.max(0, first + steps);
}

/**
 * The whole screen.
 *
 * @param view What is on it.
 * @param size How large it is.
 * @param colour Whether the terminal is to show colours.
 */
export function frame(view: View, size: Size, colour: boolean): string[] {
  const { columns } = size;
  const room = roomFor(size);
  const rows = rowsOf(view.text, columns);
  const shown = rows.slice(view.scroll, view.scroll + room);
  const below = rows.length - view.scroll - shown.length;
  const more = below > 0 ? ` ${below} more rows: space, arrows ` : "";
  const done = `${view.passed} of ${view.lessons} done `;
  const width = Math.min(30, columns - done.length - 24);
  const head = `Lesson ${view.number} of ${view.lessons}   ${done}` +
    (width > 5 ? bar(view.passed, view.lessons, width) : "");
  const style = colour ? styled : (row: string) => row;
  return [
    cutOff(head, columns),
    cutOff(`${view.file}   ${view.status}`, columns),
    "-".repeat(columns),
    ...shown.map(style),
    ...Array<string>(room - shown.length).fill(""),
    cutOff(view.message || more.trim(), columns),
    cutOff(KEYS, columns),
  ];
}

/** A row in the colour of what it says. */
function styled(row: string): string {
  const word = row.match(/^ *(ok|FAIL|\?\?\?\?|\+|-(?!-)|#+) ?/)?.[1];
  switch (word) {
    case undefined:
      return row;
    case "ok":
    case "+":
      return styleText("green", row, { validateStream: false });
    case "FAIL":
    case "????":
    case "-":
      return styleText("red", row, { validateStream: false });
  }
  return styleText("bold", row, { validateStream: false });
}

/** How many checks have passed, in words. */
export function countOf(results: JobResult[]): string {
  const made = results.filter(({ outcome }) => outcome !== "skipped");
  const passed = made.filter(({ outcome }) => outcome === "passed");
  return `${passed.length} of ${made.length} checks passed`;
}

/** What came of the checks: the first failure, or all there is to say. */
export function verdictText(
  results: JobResult[],
  summary: string,
  all: boolean,
): string[] {
  const wrong = results.filter(hasFailed);
  const list = results.map(({ name, outcome, message }) =>
    `  ${WORDS[outcome]}  ${name}${outcome === "skipped" ? `: ${message}` : ""}`
  );
  const reports = wrong.slice(0, all ? wrong.length : 1).flatMap((result) => [
    `FAIL  ${result.name}`,
    "",
    ...result.report,
    "",
  ]);
  if (wrong.length === 0) {
    return [
      "Passed: your program keeps all its promises.",
      "",
      summary,
      "",
      ...list,
      "",
      "n goes on to the next lesson, s compares your program with another one.",
    ];
  }
  const others = wrong.length - 1;
  return [
    ...reports,
    ...others > 0 && !all
      ? [`${others} more failed: a shows all. Mend this one first.`, ""]
      : [],
    ...list,
  ];
}
