/**
 * The line that is being typed, in one row of a terminal.
 *
 * It stays in one row however long it is. So whoever prints above it knows
 * where it is, and an incoming line can never tear it.
 *
 * @module
 */
import {
  columnsOf,
  endWithin,
  firstGrapheme,
  startWithin,
} from "./graphemes.ts";

/** What to write to erase the row that the cursor is in, and go to its start. */
export const ERASE = "\r\x1b[K";

/** What is shown of a line, with the cursor between the two. */
export interface Row {
  /** What stands before the cursor, the prompt first. */
  before: string;
  /** What stands behind it. */
  after: string;
}

/**
 * Chooses what is shown of a line: all of it if there is room, else the part
 * around the cursor. The last column stays free, for the cursor.
 *
 * @param prompt What stands in front. A narrow terminal does not show it.
 * @param line The line, in two parts: before the cursor and behind it.
 * @param columns The width of the terminal.
 *
 * @example The end of a line that is too long
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layOut } from "./row.ts";
 *
 * assertEquals(
 *   layOut("> ", { before: "the quick brown fox", after: "" }, 10),
 *   { before: "> own fox", after: "" },
 * );
 * ```
 */
export function layOut(prompt: string, line: Row, columns: number): Row {
  const room = columns - 1;
  const width = columnsOf(prompt);
  if (prompt !== "" && 2 * width > room) return layOut("", line, columns);
  const free = room - width;
  // Up to half of the row is for what stands behind the cursor, if it needs it.
  const ahead = columnsOf(startWithin(line.after, Math.floor(free / 2)));
  const before = endWithin(line.before, free - ahead);
  const after = startWithin(line.after, free - columnsOf(before));
  return { before: prompt + before, after };
}

/**
 * What to write to draw a row where the cursor is, over what stands there.
 *
 * It works also where the terminal takes other columns for some character than
 * {@linkcode columnsOf} says: the row cannot get longer than the terminal is
 * wide, because the terminal is told not to wrap meanwhile, and the cursor is
 * put in its place by writing what stands before it once more.
 *
 * @param row What to show.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { drawRow } from "./row.ts";
 *
 * assertEquals(
 *   drawRow({ before: "> wor", after: "ld" }),
 *   "\r\x1b[?7l> world\x1b[K\r> wor\x1b[?7h",
 * );
 * ```
 */
export function drawRow({ before, after }: Row): string {
  const back = after === "" ? "" : `\r${before}`;
  return `\r\x1b[?7l${before}${after}\x1b[K${back}\x1b[?7h`;
}

/**
 * What to write to erase a row that was drawn before the terminal was made
 * narrower, and go to where it began. Most terminals break it into several.
 *
 * @param row What was drawn.
 * @param columns The width of the terminal now, at least 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { eraseBroken } from "./row.ts";
 *
 * const row = { before: "> hello", after: "" };
 * assertEquals(eraseBroken(row, 80), "\r\x1b[K");
 * assertEquals(eraseBroken(row, 5), "\r\x1b[K\x1b[A\r\x1b[K");
 * ```
 */
export function eraseBroken({ before, after }: Row, columns: number): string {
  const rows = breakAt(before + after, columns);
  // The cursor is on the character behind it, and goes where that one goes.
  const above = breakAt(before + firstGrapheme(after), columns).length - 1;
  const down = "\x1b[B".repeat(rows.length - 1 - above);
  // Row by row: an erased screen is something that terminals keep in mind.
  return down + Array(rows.length).fill(ERASE).join("\x1b[A");
}

/** The rows that `text` is broken into, at least one. */
function breakAt(text: string, columns: number): string[] {
  const rows: string[] = [];
  let rest = text;
  do {
    const row = startWithin(rest, columns) || firstGrapheme(rest);
    rows.push(row);
    rest = rest.slice(row.length);
  } while (rest !== "");
  return rows;
}
