/**
 * Which rows the page of the wire shows, and what it says of them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { halfOpen, RowStore } from "../../../tools/wire/page/store.ts";
import { View } from "../../../tools/wire/page/view.ts";
import {
  durationText,
  eventText,
  shortSize,
  timeText,
} from "../../../tools/wire/page/words.ts";
import type { Row } from "../../../tools/wire/row.ts";
import fc from "../../fast_check.ts";
import { chunk, CONNECT, rowsOf, storeOf } from "./rows.ts";

const HEIGHTS = { row: 30, between: 20 };

/** What a view shows, in short: the rows' numbers, and what is between them. */
function linesOf(view: View): (number | string)[] {
  return view.lines.map(({ entry, between }) => between ?? entry.row.id);
}

Deno.test("a second and more without anything is a line of its own, between what is shown", () => {
  const view = new View(
    storeOf([
      [0, 1, CONNECT],
      [999, 1, chunk("a\n")],
      [1999, 2, CONNECT],
      [5199, 1, { kind: "end", from: "client", by: "client" }],
      [70_199, 1, chunk("late\n")],
    ]),
    HEIGHTS,
  );
  view.take();
  assertEquals(linesOf(view), [
    1,
    2,
    "1.0 s nothing",
    3,
    "3.2 s nothing",
    4,
    "1 min 5 s nothing, half-open",
    5,
  ]);
  view.filter(1);
  assertEquals(linesOf(view).slice(2, 4), ["4.2 s nothing", 4]);
  assertEquals(view.height, 4 * HEIGHTS.row + 2 * HEIGHTS.between);
});

Deno.test("time that goes back, as a file may say, is no time without anything", () => {
  const view = new View(
    storeOf([[9e9, 1, CONNECT], [0, 1, chunk("a\n")]]),
    HEIGHTS,
  );
  view.take();
  assertEquals(linesOf(view), [1, 2]);
});

Deno.test("a view of one connection shows that one, and what is about all of them", () => {
  const store = storeOf([
    [0, 1, CONNECT],
    [0, 2, CONNECT],
    [0, 0, { kind: "note", note: "all" }],
    [0, 2, { kind: "close" }],
  ]);
  const view = new View(store, HEIGHTS);
  view.filter(2);
  assertEquals(linesOf(view), [2, 3, 4]);
  // The picture goes on across the note.
  assertEquals(view.lines[1]?.before.open, true);
  view.filter(null);
  assertEquals(linesOf(view), [1, 2, 3, 4]);
});

Deno.test("a paused view counts what comes, shows it step by step, and then all", () => {
  const store = new RowStore();
  const view = new View(store, HEIGHTS);
  const rows = rowsOf([
    [0, 1, CONNECT],
    [0, 1, chunk("a\n")],
    [0, 2, CONNECT],
    [5000, 1, chunk("b\n")],
    [5000, 1, chunk("c\n")],
  ]);
  store.add(rows[0] as Row);
  view.filter(1);
  view.paused = true;
  for (const row of rows.slice(1)) store.add(row);
  view.take();
  assertEquals([linesOf(view), view.waiting], [[1], 3]);
  assert(view.step());
  assertEquals([linesOf(view), view.waiting], [[1, 2], 2]);
  assert(view.step());
  assertEquals(linesOf(view), [1, 2, "5.0 s nothing", 4]);
  assertEquals(view.waiting, 1);
  view.paused = false;
  view.take();
  assertEquals(linesOf(view), [1, 2, "5.0 s nothing", 4, 5]);
  assert(!view.step());
});

Deno.test("a line is found by its height and by its row", () => {
  const at = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1 });
  fc.assert(fc.property(at, (idle) => {
    let now = 0;
    const view = new View(
      storeOf(idle.map((time) => [now += time, 1, chunk("a\n")])),
      HEIGHTS,
    );
    view.take();
    let top = 0;
    for (const [index, line] of view.lines.entries()) {
      assertEquals(line.top, top);
      assertEquals(view.indexAt(top), index);
      top += view.heightOf(line);
      assertEquals(view.indexAt(top - 1), index);
      if (line.between === null) {
        assertEquals(view.indexOf(line.entry), index);
      }
    }
    assertEquals(view.height, top);
  }));
});

Deno.test("rows that were left out are said where they are missing", () => {
  const rows = rowsOf([
    [0, 1, CONNECT],
    [0, 1, chunk("a\n")],
    [0, 1, chunk("b\n")],
    [0, 1, chunk("c\n")],
  ]);
  const store = new RowStore();
  for (const index of [0, 3]) store.add(rows[index] as Row);
  const view = new View(store, HEIGHTS);
  view.take();
  assertEquals(linesOf(view), [
    1,
    "2 rows left out: the page did not keep up",
    4,
  ]);
});

Deno.test("no more rows are kept than there is room for, the newest", () => {
  const store = new RowStore(10, 4);
  const view = new View(store, HEIGHTS);
  const rows = rowsOf(Array.from({ length: 25 }, () => [0, 1, chunk("a\n")]));
  for (const row of rows) {
    store.add(row);
    view.take();
    assert(store.entries.length <= 10);
  }
  assertEquals(linesOf(view).slice(0, 2), [
    `${store.gone} older rows are not here any more`,
    store.gone + 1,
  ]);
  assertEquals(linesOf(view).at(-1), 25);
  assertEquals(view.lines.length, store.entries.length + 1);
  assertEquals(store.entries[0]?.previous, null);
});

Deno.test("what the rows are dropped of while paused is not shown either", () => {
  const store = new RowStore(10, 4);
  const view = new View(store, HEIGHTS);
  const rows = rowsOf(Array.from({ length: 25 }, () => [0, 1, chunk("a\n")]));
  for (const row of rows.slice(0, 5)) store.add(row);
  view.take();
  view.paused = true;
  for (const row of rows.slice(5)) store.add(row);
  view.take();
  assertEquals(linesOf(view), []);
  assertEquals(view.waiting, store.entries.length);
  assert(view.step());
  assertEquals(linesOf(view).at(-1), store.gone + 1);
});

Deno.test("a connection is half-open from the end of one direction to that of the other", () => {
  const store = storeOf([
    [0, 1, CONNECT],
    [0, 1, { kind: "end", from: "client", by: "client" }],
    [0, 1, chunk("late\n")],
    [0, 1, { kind: "end", from: "server", by: "wire" }],
    [0, 1, { kind: "close" }],
    [0, 2, CONNECT],
    [0, 2, { kind: "reset", by: "server" }],
  ]);
  assertEquals(store.entries.map(({ after }) => halfOpen(after)), [
    null,
    "client",
    "client",
    null,
    null,
    null,
    null,
  ]);
  assertEquals(store.entries.map(({ after }) => after.open), [
    true,
    true,
    true,
    true,
    false,
    true,
    false,
  ]);
  assert(!store.isOpen(1));
  assert(!store.isOpen(2));
});

Deno.test("lengths of time and sizes are said in words", () => {
  assertEquals(
    [1000, 3240, 59_960, 65_000, 7_380_000, 1e300].map(durationText),
    [
      "1.0 s",
      "3.2 s",
      "1 min 0 s",
      "1 min 5 s",
      "2 h 3 min",
      "more than a year",
    ],
  );
  assertEquals([0, 1023, 1536, 3 * 1024 ** 2].map(shortSize), [
    "0 B",
    "1023 B",
    "1.5 KiB",
    "3.0 MiB",
  ]);
  assertEquals([1.25, 1e300].map(timeText), ["0.0013", "far away"]);
});

Deno.test("what a trace says of an event is escaped, and not too long", () => {
  const [row] = rowsOf([
    [0, 1, { kind: "note", note: `\u202e${"x".repeat(1000)}` }],
  ]);
  const text = eventText(row as Row);
  assert(text.startsWith("\\u{202E}x"));
  assert(text.length < 400, `${text.length}`);
});
