import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { concat } from "@std/bytes/concat";
import fc from "../fast_check.ts";
import { writeAll } from "../../lib/bytes.ts";
import { LineSplitter, LineTooLongError, readLines } from "../../lib/lines.ts";
import { within } from "../deadline.ts";
import { connectedPair, readAll } from "../loopback.ts";
import { chunked, limitReads, readerOf, singleBytes } from "./chunks.ts";

const encoder = new TextEncoder();

/** What lines are, said the slow way: the oracle of the properties. */
function linesOf(
  bytes: Uint8Array,
  maxLength: number,
  keepUnterminated: boolean,
): { lines: string[]; tooLong: boolean } {
  const lines: string[] = [];
  let rest = bytes;
  const take = (line: Uint8Array) =>
    lines.push(new TextDecoder("utf-8", { ignoreBOM: true }).decode(line));
  for (let lf; (lf = rest.indexOf(10)) !== -1; rest = rest.subarray(lf + 1)) {
    const line = rest.subarray(0, rest[lf - 1] === 13 ? lf - 1 : lf);
    if (line.length > maxLength) return { lines, tooLong: true };
    take(line);
  }
  // A CR at the end may be the first half of a line end that was cut off.
  const cr = rest.at(-1) === 13 && !keepUnterminated ? 1 : 0;
  if (rest.length - cr > maxLength) return { lines, tooLong: true };
  if (keepUnterminated && rest.length > 0) take(rest);
  return { lines, tooLong: false };
}

async function collect(lines: AsyncIterable<string>) {
  const collected: string[] = [];
  try {
    for await (const line of lines) collected.push(line);
    return { lines: collected, tooLong: false };
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw error;
    return { lines: collected, tooLong: true };
  }
}

/** Text without a line end in it. */
const line = fc.string({ unit: "binary", maxLength: 40 })
  .map((text) => text.replaceAll("\n", "").replace(/\r+$/, ""));

/** Bytes in which line ends, split characters and nonsense are frequent. */
const mixedBytes = fc.array(
  fc.constantFrom(0x0a, 0x0d, 0x61, 0xe2, 0x82, 0xac, 0xef, 0xbb, 0xbf, 0xff),
  { maxLength: 60 },
).map((bytes) => new Uint8Array(bytes));

const anyBytes = fc.oneof(mixedBytes, fc.uint8Array({ maxLength: 200 }));

Deno.test("readLines() gives the lines that were sent, at every split", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(line).chain((lines) =>
      fc.tuple(
        fc.constant(lines),
        fc.constantFrom("\n", "\r\n").chain((end) =>
          chunked(fc.constant(
            encoder.encode(lines.map((line) => line + end).join("")),
          ))
        ),
      )
    ),
    async ([lines, { chunks }]) => {
      assertEquals(await Array.fromAsync(readLines(readerOf(chunks))), lines);
    },
  ));
});

Deno.test("readLines() gives the same for any bytes, limit and split", async () => {
  await fc.assert(
    fc.asyncProperty(
      chunked(anyBytes),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      async ({ bytes, chunks }, maxLength, keepUnterminated) => {
        const expected = linesOf(bytes, maxLength, keepUnterminated);
        for (const split of [chunks, [bytes], singleBytes(bytes)]) {
          const lines = readLines(readerOf(split), {
            maxLength,
            keepUnterminated,
          });
          assertEquals(await collect(lines), expected);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

Deno.test("readLines() over TCP gives the same, at every size of read, and leaves the connection open", async () => {
  await fc.assert(
    fc.asyncProperty(
      chunked(anyBytes),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      async ({ bytes, chunks }, sizes) => {
        using pair = await connectedPair();
        const sent = (async () => {
          for (const chunk of chunks) await writeAll(pair.client, chunk);
          await pair.client.closeWrite();
        })();
        const lines = readLines(limitReads(pair.server, sizes), {
          keepUnterminated: true,
        });
        assertEquals(
          await within("the lines", collect(lines)),
          linesOf(bytes, 65_536, true),
        );
        await sent;

        // The peer has said its last word. It can still be answered.
        await writeAll(pair.server, encoder.encode("bye"));
        await pair.server.closeWrite();
        assertEquals(
          await within("the answer", readAll(pair.client)),
          encoder.encode("bye"),
        );
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("readLines() leaves the connection open when its loop is left", async () => {
  using pair = await connectedPair();
  await writeAll(pair.client, encoder.encode("one\ntwo\n"));
  for await (const line of readLines(pair.server)) {
    assertEquals(line, "one");
    break;
  }
  await writeAll(pair.server, encoder.encode("still here"));
  await pair.server.closeWrite();
  assertEquals(
    await within("the answer", readAll(pair.client)),
    encoder.encode("still here"),
  );
});

Deno.test("readLines() goes on after a pause on the same iterator", async () => {
  const lines = readLines(readerOf([encoder.encode("name\nhello\nthere\n")]));
  assertEquals(await lines.next(), { value: "name", done: false });
  assertEquals(await Array.fromAsync(lines), ["hello", "there"]);
});

Deno.test("readLines() hands on what the reader throws, after the lines before", async () => {
  const chunks = [encoder.encode("one\ntw")];
  const reader = readerOf(chunks);
  const breaking = {
    async read(buffer: Uint8Array) {
      const count = await reader.read(buffer);
      if (count === null) throw new Deno.errors.ConnectionReset("reset");
      return count;
    },
  };
  const lines = readLines(breaking);
  assertEquals(await lines.next(), { value: "one", done: false });
  await assertRejects(() => lines.next(), Deno.errors.ConnectionReset);
});

Deno.test("a line of exactly the limit is accepted, one byte more is not", async () => {
  for (const end of ["\n", "\r\n"]) {
    for (const split of [(bytes: Uint8Array) => [bytes], singleBytes]) {
      const read = (text: string) =>
        collect(readLines(readerOf(split(encoder.encode(text)))));
      const longest = "x".repeat(65_536);
      assertEquals(await read(`a\n${longest}${end}b\n`), {
        lines: ["a", longest, "b"],
        tooLong: false,
      });
      assertEquals(await read(`a\n${longest}x${end}b\n`), {
        lines: ["a"],
        tooLong: true,
      });
    }
  }
});

Deno.test("LineSplitter takes no more than the limit for a line that never ends", () => {
  const splitter = new LineSplitter({ maxLength: 1000 });
  for (let sent = 0; sent < 1000; sent += 100) {
    assertEquals(splitter.push(new Uint8Array(100).fill(120)), []);
    assertEquals(splitter.tooLong, false);
  }
  assertEquals(splitter.push(new Uint8Array([120])), []);
  assertEquals(splitter.tooLong, true);
  const message = "Line is longer than 1000 bytes";
  assertThrows(
    () => splitter.push(encoder.encode("\n")),
    LineTooLongError,
    message,
  );
  assertThrows(() => splitter.finish(), LineTooLongError, message);
});

Deno.test("LineSplitter hands out a line in two chunks before one that is too long", () => {
  const splitter = new LineSplitter({ maxLength: 3 });
  assertEquals(splitter.push(encoder.encode("a")), []);
  assertEquals(splitter.push(encoder.encode("b\ntoo long\n")), ["ab"]);
  assertEquals(splitter.tooLong, true);
});

Deno.test("LineSplitter counts bytes, not characters", () => {
  const splitter = new LineSplitter({ maxLength: 3 });
  assertEquals(splitter.push(encoder.encode("€\n")), ["€"]);
  assertEquals(splitter.push(encoder.encode("€x\n")), []);
  assertEquals(splitter.tooLong, true);
});

Deno.test("LineSplitter does not need the caller's buffer after the call", () => {
  const buffer = encoder.encode("he");
  const splitter = new LineSplitter();
  splitter.push(buffer);
  buffer.fill(33);
  assertEquals(splitter.push(encoder.encode("llo\n")), ["hello"]);
});

Deno.test("LineSplitter keeps a byte order mark wherever it stands", () => {
  const splitter = new LineSplitter();
  const bytes = concat([[0xef, 0xbb, 0xbf, 0x61, 0x0a], [0xef, 0xbb, 0xbf, 10]]
    .map((bytes) => new Uint8Array(bytes)));
  assertEquals(splitter.push(bytes), ["\ufeffa", "\ufeff"]);
});

Deno.test("LineSplitter starts afresh after finish()", () => {
  const splitter = new LineSplitter();
  splitter.push(encoder.encode("cut sh"));
  assertEquals(splitter.finish(), "cut sh");
  assertEquals(splitter.finish(), null);
  assertEquals(splitter.push(encoder.encode("new\n")), ["new"]);
});

Deno.test("LineSplitter refuses a limit that is none", () => {
  for (const maxLength of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => new LineSplitter({ maxLength }),
      RangeError,
      `maxLength must be at least 1, not ${maxLength}`,
    );
  }
});
