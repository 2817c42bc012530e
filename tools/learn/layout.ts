/**
 * Text that fits the terminal.
 *
 * @module
 */
import { columnsOf, startWithin } from "../../lib/graphemes.ts";

/** Words that stand in front of a text, which goes on below their end. */
const LABEL =
  /^\s*(?:[A-Z][A-Za-z ]{2,9}: +|[-*] +|(?:ok|FAIL|skip|\?\?\?\?) +)?/;

/**
 * Cuts a line between words, so that no part is wider than the terminal. What
 * goes on in the next row stands below the text, not below its label. A word
 * that is wider is cut.
 *
 * @param line A line without control characters.
 * @param columns The width of the terminal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wrap } from "./layout.ts";
 *
 * assertEquals(wrap("Likely:   the end of it", 20), [
 *   "Likely:   the end of",
 *   "          it",
 * ]);
 * ```
 */
export function wrap(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const label = line.match(LABEL)?.[0] ?? "";
  const hanging = columnsOf(label) * 2 > columns ? 0 : columnsOf(label);
  const rows: string[] = [];
  let rest = line;
  while (columnsOf(rest) > columns) {
    const start = startWithin(rest, columns) || rest.slice(0, 1);
    const next = rest.charAt(start.length);
    const blank = next === " " ? start.length : start.lastIndexOf(" ");
    const end = blank > (rows.length === 0 ? label.length : hanging)
      ? blank
      : start.length;
    rows.push(rest.slice(0, end).trimEnd());
    rest = " ".repeat(hanging) + rest.slice(end).trimStart();
  }
  return [...rows, rest];
}

/**
 * A line that is cut where the terminal ends.
 *
 * @param columns The width of the terminal.
 */
export function cutOff(line: string, columns: number): string {
  if (columnsOf(line) <= columns) return line;
  return `${startWithin(line, columns - 1)}…`;
}

/**
 * How far somebody has come, as a bar: `[####----]`.
 *
 * @param done How much is done of `all`.
 * @param width How many columns it takes, the brackets included.
 */
export function bar(done: number, all: number, width: number): string {
  const full = Math.round((width - 2) * done / Math.max(1, all));
  return `[${"#".repeat(full)}${"-".repeat(width - 2 - full)}]`;
}
