import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { type Key, KeyDecoder } from "../../lib/keys.ts";
import { chunked, singleBytes } from "./chunks.ts";

const encoder = new TextEncoder();

/** The keys in `bytes`: their names, and characters in quotes. */
function keysIn(...chunks: (string | Uint8Array)[]): string[] {
  const decoder = new KeyDecoder();
  return chunks.flatMap((chunk) =>
    decoder.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk)
  ).map(describe);
}

function describe(key: Key): string {
  return "character" in key ? `"${key.character}"` : key.name;
}

for (
  const [name, ...sequences] of [
    ["up", "\x1b[A", "\x1bOA", "\x1b[1;2A"],
    ["down", "\x1b[B", "\x1bOB"],
    ["right", "\x1b[C", "\x1bOC", "\x1b[1;5C"],
    ["left", "\x1b[D", "\x1bOD"],
    ["home", "\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"],
    ["end", "\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"],
    ["delete", "\x1b[3~", "\x1b[3;5~"],
    ["backspace", "\x7f", "\b"],
    ["enter", "\r", "\n", "\r\n"],
    ["ctrl-a", "\x01"],
    ["ctrl-c", "\x03"],
    ["ctrl-z", "\x1a"],
  ] as const
) {
  Deno.test(`"${name}" is known in every form that terminals send`, () => {
    for (const sequence of sequences) {
      assertEquals(keysIn(sequence), [name], JSON.stringify(sequence));
      assertEquals(keysIn(...singleBytes(encoder.encode(sequence))), [name]);
    }
  });
}

Deno.test("sequences that are not known disappear, and nothing behind them", () => {
  for (
    const sequence of [
      "\x1b[5~", // Page Up.
      "\x1b[24~", // F12.
      "\x1bOP", // F1.
      "\x1b[[A", // F1, at the console of Linux.
      "\x1b[200~", // A paste begins.
      "\x1b[?1;2c", // An answer of the terminal.
      "\x1b[<0;10;10M", // A mouse.
      `\x1b[${"1;".repeat(1000)}A`,
      "\x1b[1;A",
    ]
  ) {
    assertEquals(keysIn(`${sequence}x`), ['"x"'], JSON.stringify(sequence));
  }
});

Deno.test("Alt and a key, or Escape and then a key, is the key", () => {
  assertEquals(keysIn("\x1bx\x1b漢\x1b\r\x1b\x7f"), [
    '"x"',
    '"漢"',
    "enter",
    "backspace",
  ]);
  assertEquals(keysIn("\x1b\x1b[A"), ["up"]);
});

Deno.test("Ctrl+C is Ctrl+C also in the middle of a sequence", () => {
  for (const start of ["\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\xe6"]) {
    assertEquals(keysIn(`${start}\x03`).at(-1), "ctrl-c");
  }
  const halfCharacter = new Uint8Array([0xe6, 0xbc]);
  assertEquals(keysIn(halfCharacter, "\x03"), ['"\ufffd"', "ctrl-c"]);
});

Deno.test("a tab is a space, and two line ends are two", () => {
  assertEquals(keysIn("a\tb"), ['"a"', '" "', '"b"']);
  assertEquals(keysIn("\r\r"), ["enter", "enter"]);
  assertEquals(keysIn("\n\n"), ["enter", "enter"]);
  assertEquals(keysIn("\r\n\r\n"), ["enter", "enter"]);
});

Deno.test("what a terminal would obey is no character", () => {
  assertEquals(keysIn("\0\x1c\x1d\x1e\x1f\u009b\u0085\u202e"), []);
});

/** What a terminal may send: keys of all kinds, and bytes that are none. */
const bytes = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.string({ unit: "grapheme" }).map((text) => encoder.encode(text)),
    fc.stringMatching(/^[[O]?[0-9;?[]{0,3}[ -~]?$/)
      .map((text) => encoder.encode(`\x1b${text}`)),
  ),
  { size: "medium" },
).map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));

Deno.test("the keys are the same however their bytes are cut into chunks", () => {
  fc.assert(fc.property(chunked(bytes), ({ bytes, chunks }) => {
    assertEquals(keysIn(...chunks), keysIn(bytes));
    assertEquals(keysIn(...singleBytes(bytes)), keysIn(bytes));
  }));
});

Deno.test("no character that is handed out is a control character", () => {
  fc.assert(fc.property(bytes, (bytes) => {
    for (const key of new KeyDecoder().push(bytes)) {
      const character = "character" in key ? key.character : "";
      assertEquals(/\p{Cc}|\p{Bidi_Control}/u.test(character), false);
    }
  }));
});
