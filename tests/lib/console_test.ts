import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { printable } from "../../lib/console.ts";

Deno.test("printable() leaves no control character and no mark that turns text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    // Cc: control characters. Bidi_Control: marks that turn the direction.
    assertEquals(
      printable(text).replaceAll("\t", "").match(/\p{Cc}|\p{Bidi_Control}/u),
      null,
    );
  }));
  const all = Array.from(
    { length: 0x1_0000 },
    (_, i) => String.fromCharCode(i),
  );
  assertEquals(
    printable(all.join("")).replaceAll("\t", "")
      .match(/\p{Cc}|\p{Bidi_Control}/u),
    null,
  );
});

Deno.test("printable() changes nothing that is only text", () => {
  const text = "Grüße, 你好, 👍🏽, \ttab, \\x1b";
  assertEquals(printable(text), text);
});

Deno.test("printable() shows what it does not print", () => {
  assertEquals(
    printable("\0\x07\x1b[31mred\x9b\r\n\u202eabc"),
    "\\x00\\x07\\x1b[31mred\\x9b\\r\\n\\u202eabc",
  );
});
