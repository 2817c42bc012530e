/**
 * Text that fits the terminal.
 *
 * @module
 */
import { columnsOf, startWithin } from "../../lib/graphemes.ts";
import { wrapWords } from "../../tests/grader/wrap.ts";

/**
 * Cuts a line between words, so that no part is wider than the terminal. A word
 * that is wider is cut.
 *
 * @param line A line without control characters.
 * @param columns The width of the terminal.
 */
export function wrap(line: string, columns: number): string[] {
  return wrapWords(line, columns).flatMap((row) => chop(row, columns));
}

function chop(row: string, columns: number): string[] {
  const rows: string[] = [];
  let rest = row;
  while (columnsOf(rest) > columns) {
    const start = startWithin(rest, columns) || rest.slice(0, 1);
    rows.push(start);
    rest = rest.slice(start.length);
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
