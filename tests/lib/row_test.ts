import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { columnsOf } from "../../lib/graphemes.ts";
import { drawRow, eraseBroken, layOut } from "../../lib/row.ts";
import { Screen } from "./screen.ts";

const text = fc.array(fc.constantFrom("a", "b", " ", "漢", "e\u0301", "👍"), {
  size: "medium",
}).map((parts) => parts.join(""));
const line = fc.record({ before: text, after: text });

Deno.test("a line is shown whole where there is room for it", () => {
  const line = { before: "漢字", after: "abc" };
  const whole = { before: "> 漢字", after: "abc" };
  assertEquals(layOut("> ", line, 80), whole);
  assertEquals(layOut("> ", line, 10), whole);
  assertEquals(layOut("> ", line, 9), { before: "> 字", after: "abc" });
});

Deno.test("of a line that is too long, what stands around the cursor is shown", () => {
  const digits = "0123456789".repeat(9);
  assertEquals(layOut("> ", { before: digits, after: digits }, 13), {
    before: "> 56789",
    after: "01234",
  });
  assertEquals(layOut("> ", { before: "", after: digits }, 13), {
    before: "> ",
    after: "0123456789",
  });
  assertEquals(layOut("> ", { before: digits, after: "01" }, 13), {
    before: "> 23456789",
    after: "01",
  });
});

Deno.test("a prompt that would take over half of the row is not shown", () => {
  const line = { before: "Ada", after: "" };
  assertEquals(layOut("Your name: ", line, 23).before, "Your name: Ada");
  assertEquals(layOut("Your name: ", line, 22).before, "Ada");
});

Deno.test("a row fits, has the cursor in it, and wastes no more than it must", () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 0, max: 40 }), (line, columns) => {
      const { before, after } = layOut("> ", line, columns);
      const room = Math.max(columns - 1, 0);
      assertEquals(columnsOf(before + after) <= room, true);
      const shown = before.slice(room >= 4 ? 2 : 0);
      assertEquals(line.before.endsWith(shown), true);
      assertEquals(line.after.startsWith(after), true);
      // Either the whole line is there, or no wide character more would fit.
      const whole = shown + after === line.before + line.after;
      assertEquals(whole || columnsOf(before + after) >= room - 2, true);
    }),
  );
});

Deno.test("drawing puts the row and the cursor in their place, whatever was there", () => {
  fc.assert(
    fc.property(line, line, fc.integer({ min: 5, max: 40 }), (...all) => {
      const [old, line, columns] = all;
      const screen = new Screen(columns);
      screen.write("above\r\n");
      screen.write(drawRow(layOut("> ", old, columns)));
      const row = layOut("> ", line, columns);
      screen.write(drawRow(row));
      assertEquals(screen.text, ["above", (row.before + row.after).trimEnd()]);
      assertEquals([screen.row, screen.column], [1, columnsOf(row.before)]);
    }),
  );
});

Deno.test("a character that is wider than it was taken for tears nothing", () => {
  const screen = new Screen(6);
  // This terminal shows a family as two people, 4 columns.
  screen.write("above\r\n");
  screen.write(drawRow({ before: "abc👍👍", after: "x" }));
  assertEquals(screen.text.length, 2);
  assertEquals(screen.text[0], "above");
  screen.write(drawRow({ before: "abc", after: "" }));
  assertEquals(screen.text, ["above", "abc"]);
});

Deno.test("eraseBroken() erases a row that was broken, and nothing else", () => {
  fc.assert(
    fc.property(
      line,
      fc.integer({ min: 5, max: 40 }),
      fc.integer({ min: 2, max: 40 }),
      (line, wide, narrow) => {
        const screen = new Screen(wide);
        screen.write("a\r\n");
        const row = layOut("> ", line, wide);
        screen.write(drawRow(row));
        screen.resize(Math.min(wide, narrow));
        screen.write(eraseBroken(row, screen.columns));
        assertEquals(screen.text, ["a", ""]);
        assertEquals([screen.row, screen.column], [1, 0]);
      },
    ),
  );
});
