import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { causeIn } from "../grader/cause.ts";
import { compare, firstDifference, show } from "../grader/show.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("show() is one line that a terminal only shows, whatever the bytes are", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (some) => {
    const line = show(some);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f\x7f-\x9f]/.test(line), JSON.stringify(line));
    assert(line.length < 400);
  }));
});

Deno.test("show() does not cut a character", () => {
  assertEquals(show(bytes("€".repeat(20)), 10), '"€€€" ... (60 bytes)');
});

Deno.test("compare() puts the caret under the first byte that differs, in text", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme-ascii", maxLength: 120 }),
    fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 5 }),
    fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 5 }),
    (same, one, other) => {
      fc.pre(one[0] !== other[0]);
      const [due = "", came = "", caret = ""] = compare(
        bytes(same + one),
        bytes(same + other),
      );
      const column = caret.indexOf("^");
      assertEquals(due[column], one[0]);
      assertEquals(came[column], other[0]);
    },
  ));
});

Deno.test("compare() puts the caret under the first byte that differs, in hex", () => {
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 100 }),
    fc.uint8Array({ minLength: 1, maxLength: 5 }),
    fc.uint8Array({ minLength: 1, maxLength: 5 }),
    (same, one, other) => {
      fc.pre(one[0] !== other[0]);
      // A zero byte in front of the difference: no text.
      const before = new Uint8Array([...same, 0]);
      const [due = "", came = "", caret = ""] = compare(
        new Uint8Array([...before, ...one]),
        new Uint8Array([...before, ...other]),
      );
      const column = caret.indexOf("^");
      const hex = (byte = 0) => byte.toString(16).padStart(2, "0");
      assertEquals(due.slice(column, column + 2), hex(one[0]));
      assertEquals(came.slice(column, column + 2), hex(other[0]));
    },
  ));
});

Deno.test("compare() says where what came ends too early, or too late", () => {
  assertEquals(
    compare(bytes("hello"), bytes("he")).at(-1)?.trim(),
    "^ here it ends: 2 of 5 bytes",
  );
  assertEquals(
    compare(bytes("he"), bytes("hello")).at(-1)?.trim(),
    "^ here it should end: 3 more came",
  );
});

Deno.test("firstDifference() is the length of what is alike", () => {
  assertEquals(firstDifference(bytes("abc"), bytes("abd")), 2);
  assertEquals(firstDifference(bytes("abc"), bytes("ab")), 2);
  assertEquals(firstDifference(bytes(""), bytes("")), 0);
});

Deno.test("causeIn() knows the usual mistakes, and guesses nothing else", () => {
  const cases: [string, string, RegExp | undefined][] = [
    ["hi\n", "hi", /newline at the end is missing/],
    ["hi", "hi\n", /newline was added/],
    ["a€b", "a\ufffdb", /replacement character/],
    ["hi", "hi\0\0\0", /whole buffer/],
    ["x".repeat(5000), "x".repeat(1024), /more than one read/],
    ["hello", "jello", undefined],
    ["hello", "", undefined],
  ];
  for (const [expected, received, cause] of cases) {
    const found = causeIn(bytes(expected), bytes(received));
    if (cause === undefined) assertEquals(found, undefined);
    else assert(cause.test(found ?? ""), `${received}: ${found}`);
  }
});
