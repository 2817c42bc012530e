import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import {
  columnsOf,
  endWithin,
  firstGrapheme,
  lastGrapheme,
  startWithin,
} from "../../lib/graphemes.ts";

for (
  const [what, columns, ...texts] of [
    ["Latin, Greek, Cyrillic, Hebrew", 4, "Grüß", "αβγδ", "шлюз", "שלום"],
    ["a character and its mark, as one code point or two", 1, "é", "e\u0301"],
    ["Chinese, Japanese, Korean", 4, "漢字", "かな", "カナ", "한글"],
    ["Korean in parts", 4, "한글".normalize("NFD")],
    ["fullwidth and halfwidth forms", 3, "Ａb", "ｱｲｳ"],
    ["an emoji", 2, "👍", "🦕", "⌚"],
    ["an emoji with the colour of a skin", 2, "👍🏽"],
    ["an emoji of several", 2, "👩‍👩‍👧", "🏳️‍🌈"],
    ["a flag", 2, "🇩🇪"],
    ["joiners alone, and no text", 0, "\u200b", "\u200d", "\ufe0f", ""],
  ] as const
) {
  Deno.test(`columnsOf() of ${what} is ${columns}`, () => {
    for (const text of texts) assertEquals(columnsOf(text), columns, text);
  });
}

/** Text with all kinds of characters, also such as belong together. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom("a", "漢", "e\u0301", "\u0301", "👍", "\u200d", "🇩", "\r"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

Deno.test("firstGrapheme() and lastGrapheme() agree with a walk through the text", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  fc.assert(fc.property(text, (text) => {
    const all = Array.from(segmenter.segment(text), ({ segment }) => segment);
    assertEquals(firstGrapheme(text), all[0] ?? "");
    assertEquals(lastGrapheme(text), all.at(-1) ?? "");
  }));
});

Deno.test("startWithin() and endWithin() take all that fits, in whole graphemes", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: -1, max: 12 }), (text, columns) => {
      const start = startWithin(text, columns);
      const end = endWithin(text, columns);
      assertEquals(text.startsWith(start) && text.endsWith(end), true);
      for (const part of [start, end]) {
        assertEquals(columnsOf(part) <= Math.max(columns, 0), true);
      }
      const next = firstGrapheme(text.slice(start.length));
      assertEquals(next === "" || columnsOf(start + next) > columns, true);
      const previous = lastGrapheme(text.slice(0, text.length - end.length));
      assertEquals(
        previous === "" || columnsOf(previous + end) > columns,
        true,
      );
    }),
  );
});
