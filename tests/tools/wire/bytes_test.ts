/**
 * What the page of the wire makes of bytes: characters, runs, hex.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { encodeFrame } from "../../../lib/frames.ts";
import {
  type Character,
  characters,
  visible,
} from "../../../tools/wire/page/characters.ts";
import {
  hexLines,
  messagesText,
  wholeParts,
} from "../../../tools/wire/page/hex_lines.ts";
import { runs } from "../../../tools/wire/page/runs.ts";
import { type Entry, neighbours } from "../../../tools/wire/page/store.ts";
import type { BytesRow, Row } from "../../../tools/wire/row.ts";
import { bytesOf } from "../../conversation.ts";
import fc from "../../fast_check.ts";
import { chunked } from "../../lib/chunks.ts";
import {
  anyBytes,
  chunk,
  CONNECT,
  type Happened,
  rowsOf,
  storeOf,
} from "./rows.ts";

const ALONE = { before: new Uint8Array(), after: new Uint8Array() };

/** The bytes of a chunk as they are shown, marks in brackets. */
function shownAs(entry: Entry): string {
  return charactersOf(entry).map(({ text, mark }) =>
    mark === "split" || mark === "broken" ? `[${mark} ${text}]` : text
  ).join("");
}

function charactersOf(entry: Entry): Character[] {
  return characters(entry.bytes, neighbours(entry));
}

Deno.test("each byte is in exactly one character, whatever the bytes are", () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, anyBytes, (before, bytes, after) => {
      const nexts = [
        ALONE,
        { before, after },
        { before: null, after: null },
      ];
      for (const next of nexts) {
        let at = 0;
        for (const { start, end } of characters(bytes, next)) {
          assertEquals(start, at);
          assert(end > start);
          at = end;
        }
        assertEquals(at, bytes.length);
      }
    }),
  );
});

Deno.test("a byte is broken exactly where a decoder finds no UTF-8", () => {
  fc.assert(fc.property(anyBytes, (bytes) => {
    const text = characters(bytes, ALONE).map(({ start, end, mark }) =>
      mark === "broken"
        ? ""
        : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
          .decode(bytes.subarray(start, end))
    ).join("");
    const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    // A replacement character may have been sent as such.
    assertEquals(
      text.replaceAll("\ufffd", ""),
      decoded.replaceAll("\ufffd", ""),
    );
  }));
});

Deno.test("text in any chunks has no broken byte, and splits only at their ends", () => {
  const text = fc.string({ unit: "binary" }).map(bytesOf);
  fc.assert(fc.property(chunked(text), ({ chunks }) => {
    const store = storeOf([
      [0, 1, CONNECT],
      ...chunks.map((bytes): Happened => [0, 1, chunk(bytes)]),
      [0, 1, { kind: "end", from: "client", by: "client" }],
    ]);
    const shown = store.entries.slice(1, -1).map(charactersOf);
    assertEquals(shown.flat().filter(({ mark }) => mark === "broken"), []);
    for (const [index, bytes] of chunks.entries()) {
      for (const { start, mark } of shown[index] ?? []) {
        if (mark !== "split") continue;
        assert(start < 3 || start >= bytes.length - 3);
      }
    }
  }));
});

Deno.test("a character over two chunks is split in both, at the end of the stream it is broken", () => {
  const store = storeOf([
    [0, 1, CONNECT],
    [0, 1, chunk([0x33, 0xe2])],
    [0, 1, chunk([0x82])],
    [0, 1, chunk([0xac, 0x0a, 0xff, 0xe2, 0x82])],
  ]);
  const [, first, second, third] = store.entries as Entry[];
  assertEquals(shownAs(first as Entry), "3[split E2]");
  assertEquals(shownAs(second as Entry), "[split 82]");
  assertEquals(
    shownAs(third as Entry),
    "[split AC]\\n[broken FF][split E2][split 82]",
  );
  const [end] = rowsOf([[0, 1, { kind: "end", from: "client", by: "client" }]]);
  store.add(end as Row);
  assertEquals(
    shownAs(third as Entry),
    "[split AC]\\n[broken FF][broken E2][broken 82]",
  );
});

Deno.test("nothing that is unseen, or moves what is next to it, is shown as it is", () => {
  assertEquals(
    visible("a\0\x1b[2J\u202eb\u200b\ufeff\n"),
    [
      "a\\x00\\x1B[2J\\u{202E}b\\u{200B}\\u{FEFF}\\n",
    ].join(""),
  );
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(visible(text)));
  }));
});

Deno.test("a run has the message of its bytes, and begins where the message's part does", () => {
  const [, row] = rowsOf([[0, 1, CONNECT], [0, 1, chunk("one\ntwo\nth")]]);
  const bytes = bytesOf("one\ntwo\nth");
  const all = runs(bytes, characters(bytes, ALONE), (row as BytesRow).parts, [
    { start: 5, end: 6 },
  ]);
  assertEquals(
    all.map(({ text, message, begins, found }) => [
      text,
      message,
      begins,
      found,
    ]),
    [
      ["one", 1, true, false],
      ["\\n", 1, false, false],
      ["t", 2, true, false],
      ["w", 2, false, true],
      ["o", 2, false, false],
      ["\\n", 2, false, false],
      ["th", 3, true, false],
    ],
  );
});

Deno.test("a character over two messages is shown as bytes of both", () => {
  const bytes = bytesOf("€");
  const all = runs(bytes, characters(bytes, ALONE), [
    { message: 1, start: 0, end: 1, first: true, last: true },
    { message: 2, start: 1, end: 3, first: true, last: true },
  ]);
  assertEquals(all.map(({ text, message, mark }) => [text, message, mark]), [
    ["E2", 1, "broken"],
    ["82", 2, "broken"],
    ["AC", 2, "broken"],
  ]);
});

Deno.test("the lines of a hex dump have every byte once, with its message", () => {
  const bytes = bytesOf("a\n0123456789abcdefghij\n");
  const [, row] = rowsOf([[0, 1, CONNECT], [0, 1, chunk(bytes)]]);
  const lines = hexLines(bytes, (row as BytesRow).parts, 0, Infinity);
  assertEquals(lines.map(({ offset }) => offset), ["000000", "000010"]);
  assertEquals(concat(lines.map(({ bytes }) => bytes)), bytes);
  assertEquals(lines.map(({ messages }) => messagesText(messages)), [
    "1 ×2, 2 ×14",
    "2 ×7",
  ]);
});

Deno.test("the messages of all bytes are known from a row with the first of them", () => {
  const message = fc.uint8Array({ maxLength: 12 });
  const frames = fc.array(message, { maxLength: 15 })
    .map((payloads) => concat(payloads.map((payload) => encodeFrame(payload))));
  const lines = fc.array(
    fc.constantFrom(0x0a, 0x61, 0x62, 0x63),
    { maxLength: 60 },
  ).map((bytes) => new Uint8Array(bytes));
  for (
    const [framing, bytes] of [["frames", frames], ["lines", lines]] as const
  ) {
    fc.assert(fc.property(chunked(bytes), ({ chunks }) => {
      const happenings: Happened[] = [
        [0, 1, CONNECT],
        ...chunks.map((bytes): Happened => [0, 1, chunk(bytes)]),
      ];
      const whole = rowsOf(happenings, framing, Infinity);
      const short = rowsOf(happenings, framing, 3);
      for (const [index, row] of short.entries()) {
        if (row.kind !== "chunk" || row.more > 0) continue;
        const { parts } = whole[index] as BytesRow;
        assertEquals(
          wholeParts(row),
          parts.map(({ message, start, end }) => ({ message, start, end })),
        );
      }
    }));
  }
});
