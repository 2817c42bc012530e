/**
 * Text as a terminal shows it: in graphemes, which are what people call
 * characters (`é` may be two code points, a flag is two, a family many), and in
 * the columns that they take
 * ({@link https://www.unicode.org/reports/tr29/ | UAX #29},
 * {@link https://www.unicode.org/reports/tr11/ | UAX #11}).
 *
 * @module
 */
import { unicodeWidth } from "jsr:@std/cli@^1/unicode-width";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

// What joins or varies the characters around it, and takes no column.
const JOINING = /[\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/g;

const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/**
 * The first grapheme of `text`, `""` if there is none.
 *
 * @param text Any text, as long as you like: only its beginning is looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstGrapheme } from "./graphemes.ts";
 *
 * assertEquals(firstGrapheme("e\u0301tude"), "e\u0301");
 * ```
 */
export function firstGrapheme(text: string): string {
  return segmenter.segment(text).containing(0)?.segment ?? "";
}

/**
 * The last grapheme of `text`, `""` if there is none.
 *
 * @param text Any text, as long as you like: only its end is looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lastGrapheme } from "./graphemes.ts";
 *
 * assertEquals(lastGrapheme("Hello 🇩🇪"), "🇩🇪");
 * ```
 */
export function lastGrapheme(text: string): string {
  return segmenter.segment(text).containing(text.length - 1)?.segment ?? "";
}

/**
 * How many columns `text` takes on a terminal.
 *
 * That is exact for most of what people write: Latin, Greek, Cyrillic, Hebrew,
 * Chinese, Japanese, Korean, marks on them, and emoji of one code point.
 * Terminals disagree on the rest, and no program can know: an emoji of several
 * code points counts as one here, so 2 columns, where an older terminal shows
 * its parts side by side; one made of a letter or sign (a heart, a keycap) has
 * 1 column, where a newer terminal shows 2; a syllable of an Indian script has
 * the columns of its parts.
 *
 * @param text Text without control characters.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { columnsOf } from "./graphemes.ts";
 *
 * assertEquals(columnsOf("abc"), 3);
 * assertEquals(columnsOf("漢字"), 4);
 * assertEquals(columnsOf("e\u0301"), 1);
 * assertEquals(columnsOf("👩‍👩‍👧"), 2);
 * ```
 */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) {
    columns += widthOf(segment);
  }
  return columns;
}

/**
 * The longest beginning of `text` that takes no more than `columns` columns.
 *
 * @param text Any text.
 * @param columns How many columns there are.
 *
 * @example No half of a character
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { startWithin } from "./graphemes.ts";
 *
 * assertEquals(startWithin("漢字", 3), "漢");
 * ```
 */
export function startWithin(text: string, columns: number): string {
  let left = columns;
  for (const { segment, index } of segmenter.segment(text)) {
    left -= widthOf(segment);
    if (left < 0) return text.slice(0, index);
  }
  return text;
}

/**
 * The longest end of `text` that takes no more than `columns` columns.
 *
 * @param text Any text.
 * @param columns How many columns there are.
 *
 * @example No half of a character
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { endWithin } from "./graphemes.ts";
 *
 * assertEquals(endWithin("漢字", 3), "字");
 * ```
 */
export function endWithin(text: string, columns: number): string {
  const segments = segmenter.segment(text);
  let left = columns;
  let start = text.length;
  while (start > 0) {
    const { segment, index } = segments.containing(start - 1)!;
    left -= widthOf(segment);
    if (left < 0) break;
    start = index;
  }
  return text.slice(start);
}

/**
 * The columns of one grapheme: those of its code points, each measured alone.
 * Together they are measured differently by different editions of `@std/cli`.
 */
function widthOf(grapheme: string): number {
  if (/^[ -~]$/.test(grapheme)) return 1;
  let columns = 0;
  for (const character of grapheme.normalize("NFC").replace(JOINING, "")) {
    columns += unicodeWidth(character);
  }
  return PICTURE.test(grapheme) ? Math.min(columns, 2) : columns;
}
