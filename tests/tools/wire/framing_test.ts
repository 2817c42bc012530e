import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { encodeFrame } from "../../../lib/frames.ts";
import { Framer, type Framing, KEPT } from "../../../tools/wire/framing.ts";
import { type Row, Rows } from "../../../tools/wire/row.ts";
import fc from "../../fast_check.ts";
import { chunked, singleBytes } from "../../lib/chunks.ts";
import { type Short, traceOf } from "./traces.ts";

const encoder = new TextEncoder();

/** Messages with what marks them, and where in them their content begins. */
const messages = fc.oneof(
  fc.record({
    framing: fc.constant<Framing>("lines"),
    skipped: fc.constant(0),
    messages: fc.array(
      fc.uint8Array({ maxLength: 20 }).map((line) =>
        concat([line.filter((byte) => byte !== 10), encoder.encode("\n")])
      ),
    ),
  }),
  fc.record({
    framing: fc.constant<Framing>("frames"),
    skipped: fc.constant(4),
    messages: fc.array(fc.uint8Array({ maxLength: 20 }).map(encodeFrame)),
  }),
);

/** Messages, and their bytes cut into chunks; the last one may be cut off. */
const cutMessages = messages.chain((stream) =>
  fc.nat(20).chain((missing) =>
    fc.record({
      stream: fc.constant(stream),
      cut: chunked(fc.constant(
        concat(stream.messages).slice(0, missing === 0 ? undefined : -missing),
      )),
    })
  )
);

Deno.test("a Framer finds the same messages at every chunking, and each byte in one part", () => {
  fc.assert(fc.property(cutMessages, ({ stream, cut }) => {
    const { framing, skipped, messages } = stream;
    for (const chunks of [cut.chunks, [cut.bytes], singleBytes(cut.bytes)]) {
      const framer = new Framer(framing);
      const complete = [];
      const collected: Uint8Array[] = [];
      for (const chunk of chunks) {
        const framed = framer.push(chunk);
        complete.push(...framed.messages);
        let at = 0;
        for (const { message, start, end, first, last } of framed.parts) {
          // The parts stand one behind the other, and none is empty.
          assertEquals(start, at);
          assertEquals(end > start, true);
          at = end;
          assertEquals(first, collected[message - 1] === undefined);
          const before = collected[message - 1] ?? new Uint8Array(0);
          const bytes = concat([before, chunk.subarray(start, end)]);
          collected[message - 1] = bytes;
          assertEquals(last, bytes.length === messages[message - 1]?.length);
        }
        assertEquals(at, chunk.length);
        const rest = collected.length > complete.length
          ? collected.at(-1)?.length
          : 0;
        assertEquals(framed.left, rest);
      }
      assertEquals(concat(collected), cut.bytes);
      assertEquals(
        complete,
        messages.slice(0, complete.length).map((message, index) => ({
          number: index + 1,
          size: message.length,
          bytes: message.slice(skipped),
        })),
      );
    }
  }));
});

Deno.test("a Framer divides any bytes, and nothing where there are no messages", () => {
  fc.assert(fc.property(
    chunked(fc.uint8Array({ maxLength: 80 })),
    fc.constantFrom<Framing>("lines", "frames"),
    ({ chunks }, framing) => {
      const framer = new Framer(framing);
      const none = new Framer("none");
      for (const chunk of chunks) {
        const { parts } = framer.push(chunk);
        const bytes = parts.map(({ start, end }) => chunk.subarray(start, end));
        assertEquals(concat(bytes), chunk);
        assertEquals(none.push(chunk), { parts: [], messages: [], left: 0 });
      }
    },
  ));
});

Deno.test("a Framer keeps the beginning of a message that is long, and counts all of it", () => {
  const chunk = new Uint8Array(100_000).fill(120);
  for (const framing of ["lines", "frames"] as const) {
    const framer = new Framer(framing);
    // A frame of 4 GiB less one byte; a line that does not end.
    if (framing === "frames") framer.push(new Uint8Array(4).fill(255));
    const header = framing === "frames" ? 4 : 0;
    for (let count = 1; count <= 50; count++) {
      const { parts, messages, left } = framer.push(chunk);
      assertEquals([parts.length, messages.length], [1, 0]);
      assertEquals(left, header + count * chunk.length);
    }
  }
  const long = encoder.encode(`${"x".repeat(999)}\n`);
  const [line] = new Framer("lines").push(long).messages;
  assertEquals(line, { number: 1, size: 1000, bytes: long.slice(0, KEPT) });
});

/** The rows of a trace. */
function rowsOf(framing: Framing, shorts: Short[], shown?: number): Row[] {
  const rows = new Rows(framing, shown);
  return traceOf(framing, shorts).events
    .map((event, index) => rows.row(event, index + 1));
}

/** What of the rows is about messages: parts, messages and bytes left. */
function countsOf(rows: Row[]): number[][] {
  return rows.flatMap((row) =>
    "size" in row
      ? [[row.parts.length, row.messages.length, row.more, row.left]]
      : []
  );
}

Deno.test("a row has the messages of its direction, and of its connection alone", () => {
  const rows = rowsOf("lines", [
    [1, "connect"],
    [2, "connect"],
    [1, "client>", "a\nb"],
    [2, "client>", "c"],
    [1, "server>", "d\n"],
    [1, "client>", "\n"],
    [1, "client!"],
    [1, "connect"],
    [1, "client>", "e\n"],
  ]);
  assertEquals(countsOf(rows), [
    [2, 1, 0, 1],
    [1, 0, 0, 1],
    [1, 1, 0, 0],
    [1, 1, 0, 0],
    [1, 1, 0, 0],
  ]);
  const numbers = rows.flatMap((row) =>
    "size" in row ? row.messages.map(({ number }) => number) : []
  );
  assertEquals(numbers, [1, 1, 2, 1]);
  assertEquals(rows.map(({ id }) => id), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("rows of a connection whose beginning is missing have no messages", () => {
  const rows = rowsOf("lines", [
    [1, "client>", "half\nwhole\n"],
    [2, "connect"],
    [2, "close"],
    [2, "client>", "late\n"],
  ]);
  assertEquals(countsOf(rows), [[0, 0, 0, 0], [0, 0, 0, 0]]);
});

Deno.test("what was lost belongs to no message, and pieces are counted for themselves", () => {
  const rows = rowsOf("lines", [
    [1, "connect"],
    [1, "client|", "a\nb\n"],
    [1, "client-", "a\n"],
    [1, "client+", "b\n"],
  ]);
  assertEquals(countsOf(rows), [[2, 2, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]);
});

Deno.test("a long row is shown from its beginning, and says how much more there is", () => {
  const [, row] = rowsOf("lines", [
    [1, "connect"],
    [1, "client>", `${"ab\n".repeat(30)}rest`],
  ], 7);
  if (row === undefined || !("size" in row)) throw new Error("No row");
  assertEquals(row.size, 94);
  assertEquals(Uint8Array.fromBase64(row.base64), encoder.encode("ab\nab\na"));
  assertEquals(
    row.parts.map(({ start, end }) => [start, end]),
    [[0, 3], [3, 6], [6, 7]],
  );
  assertEquals([row.messages.length, row.more, row.left], [24, 6, 4]);
});
