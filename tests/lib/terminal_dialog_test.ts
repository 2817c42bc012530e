/**
 * Typing at a terminal, one in memory: what is on its screen after keys, lines
 * that are printed, and changes of its width.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { columnsOf } from "../../lib/graphemes.ts";
import { LineEditor } from "../../lib/line_editor.ts";
import { layOut } from "../../lib/row.ts";
import { TerminalDialog, TypedAheadError } from "../../lib/terminal_dialog.ts";
import { within } from "../deadline.ts";
import { chunked } from "./chunks.ts";
import { FakeTerminal, open } from "./fake_terminal.ts";

const LEFT = "\x1b[D";
const UP = "\x1b[A";

Deno.test("a line that comes in stands above the one being typed", async () => {
  using dialog = open();
  const { terminal, screen } = dialog;
  assertEquals(screen.text, [">"]);
  await terminal.type(`helo${LEFT}`);
  dialog.dialog.print(["Bob: hi", "Bob: are you there?"]);
  assertEquals(screen.text, ["Bob: hi", "Bob: are you there?", "> helo"]);
  assertEquals([screen.row, screen.column], [2, 5]);
  await terminal.type("l\r");
  assertEquals(screen.text.slice(2), ["> hello", ">"]);
  assertEquals((await dialog.lines.next()).value, "hello");
});

Deno.test("printing is one write, together with the row under it", async () => {
  using dialog = open();
  const { terminal } = dialog;
  await terminal.type("half a line");
  terminal.writes = [];
  dialog.dialog.print(["one", "two"]);
  assertEquals(terminal.writes.length, 1);
  dialog.dialog.print([]);
  assertEquals(terminal.writes.length, 1);
});

Deno.test("a question stands before the first line only, also of lines typed ahead", async () => {
  using dialog = open(80, "Your name: ");
  const { terminal, screen } = dialog;
  assertEquals(screen.text, ["Your name:"]);
  await terminal.type("Ada\rhi\rthere");
  assertEquals(screen.text, ["Your name: Ada", "> hi", "> there"]);
  assertEquals((await dialog.lines.next()).value, "Ada");
  assertEquals((await dialog.lines.next()).value, "hi");
});

Deno.test("lines that wait are handed out in order, and then the end", async () => {
  using dialog = open();
  const { terminal } = dialog;
  await terminal.type("one\rtwo\r");
  terminal.press("three\r\x04");
  const lines = within(
    "the lines",
    Array.fromAsync({
      [Symbol.asyncIterator]: () => dialog.lines,
    }),
  );
  assertEquals(await lines, ["one", "two", "three"]);
});

Deno.test("Ctrl+D leaves the terminal as it was, and lines can still be printed", async () => {
  using dialog = open();
  const { terminal, screen } = dialog;
  assertEquals([terminal.raw, terminal.watched], [true, true]);
  terminal.press("\x04");
  assertEquals((await within("the end", dialog.lines.next())).done, true);
  assertEquals([terminal.raw, terminal.watched], [false, false]);
  dialog.dialog.print(["Bob: bye"]);
  assertEquals(screen.text, ["Bob: bye", ""]);
});

Deno.test("close() leaves the terminal as it was, with what was being typed", async () => {
  using dialog = open();
  const { terminal, screen } = dialog;
  await terminal.type(`half${LEFT}${LEFT}`);
  const next = dialog.lines.next();
  dialog.dialog.close();
  dialog.dialog.close();
  assertEquals([terminal.raw, terminal.watched], [false, false]);
  assertEquals(screen.text, ["> half", ""]);
  assertEquals(screen.column, 0);
  assertEquals((await within("the end", next)).done, true);
});

Deno.test("the end of the terminal is the end of what is typed", async () => {
  using dialog = open();
  dialog.terminal.press(null);
  assertEquals((await within("the end", dialog.lines.next())).done, true);
});

Deno.test("Ctrl+C is told, with the line as it was on the screen", async () => {
  using dialog = open();
  await dialog.terminal.type("one\rha\x03");
  assertEquals(dialog.interrupts(), 1);
  assertEquals(dialog.screen.text, ["> one", "> ha"]);
});

Deno.test("a program that was stopped and goes on draws its row again", async () => {
  using dialog = open();
  const { terminal, screen } = dialog;
  await terminal.type("half");
  terminal.stopAndContinue();
  assertEquals(terminal.raw, true);
  assertEquals(screen.text, ["> half", "$ fg", "> half"]);
});

Deno.test("a terminal that does not know its width is taken for one of 80 columns", () => {
  const terminal = new FakeTerminal();
  terminal.columns = () => 0;
  const options = { prompt: "> ", onInterrupt() {}, onFailure() {} };
  using _ = new TerminalDialog(terminal, options);
  assertEquals(terminal.screen.text, [">"]);
});

Deno.test("the bell rings when a line is full", async () => {
  using dialog = open();
  const { terminal, screen } = dialog;
  for (let count = 0; count < 4; count++) await terminal.type("x".repeat(4096));
  assertEquals(screen.bells, 0);
  await terminal.type("x");
  assertEquals(screen.bells, 1);
});

Deno.test("who types ahead without end is stopped, though nobody takes the lines", async () => {
  using dialog = open();
  const { terminal, failures } = dialog;
  await terminal.type("one\r");
  const full = "x".repeat(4095) + "\r";
  for (let count = 0; count < 255; count++) await terminal.type(full);
  assertEquals(failures, []);
  terminal.press(full);
  await within("the end", terminal.released);
  const [error, ...others] = failures;
  assertEquals([error instanceof TypedAheadError, others], [true, []]);
  assertEquals(
    String(error),
    "TypedAheadError: Over 1048576 typed characters wait to be taken",
  );
});

Deno.test("lines that are taken make room for others", async () => {
  using dialog = open();
  const full = "x".repeat(4095) + "\r";
  for (let count = 0; count < 300; count++) {
    await dialog.terminal.type(full);
    assertEquals((await dialog.lines.next()).done, false);
  }
  assertEquals(dialog.failures, []);
});

Deno.test("what the terminal throws is told, and ends the lines", async () => {
  class BrokenTerminal extends FakeTerminal {
    override read(): Promise<number | null> {
      return Promise.reject(new Error("No terminal any more"));
    }
  }
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const options = { prompt: "> ", onInterrupt() {}, onFailure: resolve };
  using dialog = new TerminalDialog(new BrokenTerminal(), options);
  const error = await within("the failure", promise);
  assertEquals(String(error), "Error: No terminal any more");
  assertEquals(await Array.fromAsync(dialog), []);
});

Deno.test("whatever bytes come, no control character reaches the screen", async () => {
  const parts = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ unit: "binary" }).map((s) => new TextEncoder().encode(s)),
    ),
    { size: "medium" },
  ).map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));
  await fc.assert(fc.asyncProperty(chunked(parts), async ({ chunks }) => {
    using dialog = open(); // Its screen throws on what it does not know.
    for (const chunk of [...chunks, null]) dialog.terminal.press(chunk);
    await within("the end", dialog.terminal.released);
  }));
});

/** The rows that `text` takes where the terminal breaks it. */
function broken(text: string, columns: number): string[] {
  const rows = [""];
  for (const character of text.match(/.\u0301?/gu) ?? []) {
    const row = rows.at(-1) ?? "";
    if (columnsOf(row + character) > columns) rows.push(character);
    else rows[rows.length - 1] = row + character;
  }
  return rows;
}

const text = fc.array(fc.constantFrom("a", "b", "漢", "字", "e\u0301", "👍"), {
  maxLength: 30,
  size: "max",
}).map((parts) => parts.join(""));

const actions = fc.array(
  fc.oneof(
    fc.record({
      type: fc.oneof(text, fc.constantFrom(LEFT, UP, "\r", "\x7f")),
    }),
    fc.record({ print: fc.array(text, { maxLength: 3 }) }),
    fc.record({ resize: fc.integer({ min: 5, max: 60 }) }),
  ),
  { maxLength: 30, size: "max" },
);

Deno.test("whatever happens in whatever order, every line is whole and every key is there", async () => {
  await fc.assert(fc.asyncProperty(actions, async (actions) => {
    using dialog = open(30);
    const { terminal, screen } = dialog;
    const editor = new LineEditor(); // The line as if nothing else happened.
    const above: string[] = [];
    for (const action of actions) {
      if ("type" in action) {
        await terminal.type(action.type);
        for (
          const typed of editor.push(new TextEncoder().encode(action.type))
        ) {
          if (typed.kind === "line") above.push(`> ${typed.text}`);
        }
      } else if ("print" in action) {
        dialog.dialog.print(action.print);
        above.push(...action.print);
      } else {
        terminal.resize(action.resize);
      }
      const { before, after } = layOut("> ", editor, screen.columns);
      const rows = above.flatMap((line) => broken(line, screen.columns));
      const all = [...rows, before + after].map((row) => row.trimEnd());
      assertEquals(screen.text, all);
      assertEquals(screen.row, rows.length);
      assertEquals(screen.column, columnsOf(before));
    }
  }));
});
