import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { Conversation } from "../grader/conversation.ts";
import { ladder, type Rung, rungLine } from "../grader/ladder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function said(at: number, text: string): Rung {
  return { at, who: "client 1", kind: "sent", bytes: bytes(text) };
}

Deno.test("the names of all that take part are as wide as the widest", () => {
  assertEquals(
    ladder([
      { at: 0, who: "client 1", kind: "note", note: "connects" },
      { at: 1, who: "server", kind: "received", bytes: bytes("hi\n") },
    ]),
    [
      "  0.000 s  client 1  connects",
      '  0.001 s  server    <- "hi\\n"',
    ],
  );
});

Deno.test("a second in which nothing happens gets a line, less does not", () => {
  assertEquals(ladder([said(0, "a"), said(999, "b"), said(3500, "c")]), [
    '  0.000 s  client 1  -> "a"',
    '  0.999 s  client 1  -> "b"',
    "           ... 2.5 s nothing ...",
    '  3.500 s  client 1  -> "c"',
  ]);
});

Deno.test("what does not fit is left out in the middle, and counted", () => {
  const rungs = Array.from({ length: 20 }, (_, at) => said(at, `${at}`));
  const lines = ladder(rungs, 5, 7);
  assertEquals(lines.length, 5);
  assertEquals(lines[2], "          ... 23 more ...");
  assertEquals(lines[0], '  0.000 s  client 1  -> "0"');
  assertEquals(lines[4], '  0.019 s  client 1  -> "19"');
});

Deno.test("messages have their numbers, and say where they go on", () => {
  const rung: Rung = {
    at: 0,
    who: "client 1",
    kind: "sent",
    note: "9 bytes",
    messages: [
      ...[["tw", 2, true, false], ["three\n", 3, false, false], [
        "f",
        4,
        false,
        true,
      ]] as const,
    ].map(([text, number, continued, unfinished]) => ({
      number,
      bytes: bytes(text),
      length: text.length,
      continued,
      unfinished,
    })),
  };
  assertEquals(
    rungLine(rung, 8),
    "  0.000 s  client 1  -> 9 bytes  " +
      '... 2 "tw" | 3 "three\\n" | 4 "f" ...',
  );
});

Deno.test("a line is one line that a terminal only shows, whatever was said", () => {
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 400 }),
    fc.string({ unit: "binary", maxLength: 40 }),
    (some, note) => {
      const line = rungLine(
        { at: 1, who: "client 1", kind: "sent", bytes: some, note },
        8,
      );
      // deno-lint-ignore no-control-regex
      assert(!/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e]/.test(line), line);
    },
  ));
});

Deno.test("a conversation of any length is told in so many lines", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 3, max: 50 }),
    (events, limit) => {
      const conversation = new Conversation();
      for (let count = 0; count < events; count++) {
        conversation.note("program", `${count}`);
      }
      const lines = conversation.lines(limit);
      assertEquals(lines.length, Math.min(events, limit));
    },
  ));
});
