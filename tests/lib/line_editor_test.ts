import { assertEquals, assertThrows } from "@std/assert";
import fc from "../fast_check.ts";
import { LineEditor, type Typed } from "../../lib/line_editor.ts";
import { chunked } from "./chunks.ts";

const encoder = new TextEncoder();

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const DELETE = "\x1b[3~";
const [CTRL_A, CTRL_E, CTRL_K, CTRL_U, CTRL_W] = "\x01\x05\x0b\x15\x17";

/** The line after `keys` were typed, with `|` for the cursor. */
function lineAfter(...keys: (string | undefined)[]): string {
  const editor = new LineEditor();
  editor.push(encoder.encode(keys.join("")));
  return shown(editor);
}

function shown(editor: LineEditor): string {
  return `${editor.before}|${editor.after}`;
}

function entered(editor: LineEditor, keys: string): string[] {
  return editor.push(encoder.encode(keys)).map((typed) =>
    typed.kind === "line" ? typed.text : typed.kind
  );
}

Deno.test("the cursor moves by graphemes, and stays in the line", () => {
  const text = "a漢e\u0301👩‍👩‍👧🇩🇪";
  assertEquals(lineAfter(text), `${text}|`);
  assertEquals(lineAfter(text, LEFT), "a漢e\u0301👩‍👩‍👧|🇩🇪");
  assertEquals(lineAfter(text, LEFT, LEFT), "a漢e\u0301|👩‍👩‍👧🇩🇪");
  assertEquals(lineAfter(text, LEFT.repeat(3)), "a漢|e\u0301👩‍👩‍👧🇩🇪");
  assertEquals(lineAfter(text, LEFT.repeat(9)), `|${text}`);
  assertEquals(lineAfter(text, CTRL_A, RIGHT, RIGHT, RIGHT), "a漢e\u0301|👩‍👩‍👧🇩🇪");
  assertEquals(lineAfter(text, CTRL_A, RIGHT.repeat(9)), `${text}|`);
  assertEquals(lineAfter("abc", "\x02\x02\x06"), "ab|c"); // Ctrl+B, F.
});

Deno.test("what is typed goes in at the cursor", () => {
  assertEquals(lineAfter("helo", LEFT, "l"), "hell|o");
  assertEquals(lineAfter("字", CTRL_A, "漢", CTRL_E, "!"), "漢字!|");
});

Deno.test("Home and End go to the beginning and the end", () => {
  assertEquals(lineAfter("abc", "\x1b[H"), "|abc");
  assertEquals(lineAfter("abc", "\x1b[H", "\x1b[F"), "abc|");
});

Deno.test("Backspace and Delete take away whole graphemes", () => {
  assertEquals(lineAfter("xe\u0301", "\x7f"), "x|");
  assertEquals(lineAfter("x👩‍👩‍👧", "\b"), "x|");
  assertEquals(lineAfter("\x7f", "a"), "a|");
  assertEquals(lineAfter("a漢b", CTRL_A, RIGHT, DELETE), "a|b");
  assertEquals(lineAfter("ab", LEFT, "\x04", "\x04"), "a|"); // Ctrl+D.
});

Deno.test("Ctrl+U, Ctrl+K and Ctrl+W take away before, behind, a word", () => {
  assertEquals(lineAfter("abcd", LEFT, LEFT, CTRL_U), "|cd");
  assertEquals(lineAfter("abcd", LEFT, LEFT, CTRL_K), "ab|");
  assertEquals(lineAfter("one two  three", CTRL_W), "one two  |");
  assertEquals(lineAfter("one two  three", CTRL_W, CTRL_W), "one |");
  assertEquals(lineAfter("one", CTRL_W, CTRL_W), "|");
});

Deno.test("Enter completes the line wherever the cursor is, and begins another", () => {
  const editor = new LineEditor();
  assertEquals(entered(editor, `hello${LEFT}${LEFT}\r`), ["hello"]);
  assertEquals(shown(editor), "|");
  assertEquals(entered(editor, "\r"), [""]);
});

Deno.test("several lines that are pasted are several lines", () => {
  const editor = new LineEditor();
  assertEquals(entered(editor, "one\rtwo\r\nthree\n\nfo"), [
    "one",
    "two",
    "three",
    "",
  ]);
  assertEquals(shown(editor), "fo|");
});

Deno.test("Ctrl+C interrupts, with what is typed in its place", () => {
  const editor = new LineEditor();
  assertEquals(entered(editor, "one\rtwo\x03"), ["one", "interrupt"]);
  assertEquals(shown(editor), "two|");
});

Deno.test("Ctrl+D is the end on an empty line only", () => {
  const editor = new LineEditor();
  assertEquals(entered(editor, "a\x04"), []);
  assertEquals(entered(editor, `${LEFT}\x04`), []);
  assertEquals(entered(editor, "\x04"), ["end"]);
});

Deno.test("Up and Down go through the lines before, and back to the one begun", () => {
  const editor = new LineEditor();
  entered(editor, "one\rtwo\rthr");
  const steps: string[] = [];
  for (const key of [UP, UP, UP, DOWN, "\x0e", DOWN, "\x10"]) {
    entered(editor, key);
    steps.push(shown(editor));
  }
  assertEquals(steps, [
    "two|",
    "one|",
    "one|",
    "two|",
    "thr|",
    "thr|",
    "two|",
  ]);
});

Deno.test("a line that is called back can be changed and entered", () => {
  const editor = new LineEditor();
  assertEquals(entered(editor, `helo\r${UP}${LEFT}l\r`), ["helo", "hello"]);
  assertEquals(entered(editor, `${UP}${UP}\r`), ["helo"]);
  assertEquals(entered(editor, `${UP}${UP}\r`), ["hello"]);
});

Deno.test("the history has no empty line, none twice in a row, and a limit", () => {
  const editor = new LineEditor({ maxHistory: 2 });
  entered(editor, "one\rtwo\r\rthree\rthree\r");
  const steps: string[] = [];
  for (const key of [UP, UP, UP]) {
    entered(editor, key);
    steps.push(shown(editor));
  }
  assertEquals(steps, ["three|", "two|", "two|"]);
});

Deno.test("a line takes no more than its limit, and counts what it drops", () => {
  const editor = new LineEditor({ maxLength: 4 });
  assertEquals(entered(editor, "abc👍d\x7f\x7fef\r"), ["abef"]);
  assertEquals(editor.dropped, 1);
  const large = new LineEditor();
  large.push(encoder.encode("漢".repeat(16_385)));
  assertEquals([large.before.length, large.dropped], [16_384, 1]);
});

Deno.test("limits that make no sense are refused", () => {
  assertThrows(() => new LineEditor({ maxLength: 0 }), RangeError, "not 0");
  assertThrows(() => new LineEditor({ maxHistory: -1 }), RangeError, "not -1");
});

/** What a keyboard, or anything else, may send. */
const keyboard = fc.array(
  fc.oneof(
    fc.constantFrom(LEFT, RIGHT, UP, DOWN, DELETE, "\x7f", "\r", "\x1b[H"),
    fc.constantFrom(CTRL_A, CTRL_E, CTRL_K, CTRL_U, CTRL_W, "\x03", "\x04"),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.uint8Array({ maxLength: 4 }),
  ),
  { size: "medium" },
).map((parts) =>
  new Uint8Array(parts.flatMap((part) => [
    ...typeof part === "object" ? part : encoder.encode(part),
  ]))
);

/** Everything that can be seen of an editor that got these chunks. */
function result(chunks: Uint8Array[]): [Typed[], string, number] {
  const editor = new LineEditor({ maxLength: 20, maxHistory: 3 });
  const typed = chunks.flatMap((chunk) => editor.push(chunk));
  return [typed, shown(editor), editor.dropped];
}

Deno.test("any bytes have the same effect however they are cut into chunks", () => {
  fc.assert(fc.property(chunked(keyboard), ({ bytes, chunks }) => {
    assertEquals(result(chunks), result([bytes]));
  }));
});

Deno.test("whatever is typed, no control character is in a line", () => {
  fc.assert(fc.property(keyboard, (bytes) => {
    const [typed, line] = result([bytes]);
    for (const text of [line, ...typed.map((t) => "text" in t ? t.text : "")]) {
      assertEquals(text.match(/\p{Cc}|\p{Bidi_Control}/u), null);
      assertEquals(text.isWellFormed(), true);
    }
  }));
});

Deno.test("what is typed and not taken away again is all there", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "漢", "e\u0301", "👍", LEFT, RIGHT), {
        size: "medium",
      }),
      (keys) => {
        const editor = new LineEditor();
        editor.push(encoder.encode(keys.join("")));
        const typed = keys.filter((key) => !key.startsWith("\x1b"));
        assertEquals(
          [...editor.before + editor.after].sort(),
          [...typed.join("")].sort(),
        );
      },
    ),
  );
});
