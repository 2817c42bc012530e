/**
 * Lines of a report that fit a terminal.
 *
 * @module
 */
import { columnsOf } from "../../lib/graphemes.ts";

/** What stands in front of a text, which goes on below its end. */
const LABEL =
  /^\s*(?:[A-Z][A-Za-z ]{2,9}: +|[-*] +|(?:ok|FAIL|skip|\?\?\?\?) +)?/;

/**
 * Cuts a line between words. What goes on in the next row stands below the text,
 * not below its label. A word that is wider than a row stays whole.
 *
 * @param line A line without control characters.
 * @param columns The width of a row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wrapWords } from "./wrap.ts";
 *
 * assertEquals(wrapWords("Likely:   the end of it", 20), [
 *   "Likely:   the end of",
 *   "          it",
 * ]);
 * ```
 */
export function wrapWords(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const label = line.match(LABEL)?.[0] ?? "";
  const hanging = 2 * columnsOf(label) > columns ? 0 : columnsOf(label);
  const rows: string[] = [];
  let row = label;
  let isEmpty = true; // But for the label.
  for (const word of line.slice(label.length).split(" ")) {
    const longer = isEmpty ? row + word : `${row} ${word}`;
    if (isEmpty || columnsOf(longer) <= columns) {
      row = longer;
    } else {
      rows.push(row.trimEnd());
      row = " ".repeat(hanging) + word;
    }
    isEmpty = false;
  }
  return [...rows, row];
}
