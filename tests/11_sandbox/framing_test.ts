/**
 * The seam: whatever the framing, and however its bytes are cut, the messages
 * that come out are those that went in.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import {
  FRAMINGS,
  MessageTooLongError,
} from "../../lessons/11_sandbox/framing.ts";
import fc from "../fast_check.ts";
import { chunked, readerOf, singleBytes } from "../lib/chunks.ts";
import { BOTH, connect, join, startServer } from "./session.ts";

const { lines, frames } = FRAMINGS;

/** Any text that is Unicode, short or not, empty or not. */
const anyText = fc.string({ unit: "binary", maxLength: 40 })
  .filter((text) => text.isWellFormed());

/** Any text that a line can carry. */
const lineText = anyText.filter((text) => !/\n|\r$/.test(text));

function joined(arrays: Uint8Array[]): Uint8Array {
  return concat(arrays as Uint8Array<ArrayBuffer>[]);
}

Deno.test("one message as bytes: the newline behind it, or the length in front", () => {
  assertEquals(lines.encode("é"), new Uint8Array([0xc3, 0xa9, 10]));
  assertEquals(frames.encode("é"), new Uint8Array([0, 0, 0, 2, 0xc3, 0xa9]));
  assertEquals(lines.encode(""), new Uint8Array([10]));
  assertEquals(frames.encode(""), new Uint8Array(4));
});

for (
  const [name, framing, text] of [
    ["lines", lines, lineText],
    ["frames", frames, anyText],
  ] as const
) {
  Deno.test(`${name}: at every chunking the messages that went in come out`, async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(text).chain((texts) =>
        chunked(fc.constant(joined(texts.map(framing.encode))))
          .map(({ chunks }) => ({ texts, chunks }))
      ),
      async ({ texts, chunks }) => {
        const read = framing.read(readerOf(chunks), 1000);
        assertEquals(await Array.fromAsync(read), texts);
      },
    ));
  });

  Deno.test(`${name}: what the end cuts short is no message`, async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(text),
      text,
      fc.nat(),
      async (texts, last, where) => {
        const cut = framing.encode(last);
        const bytes = joined([
          ...texts.map(framing.encode),
          cut.subarray(0, where % cut.length), // At least a byte is missing.
        ]);
        const read = framing.read(readerOf([bytes]), 1000);
        assertEquals(await Array.fromAsync(read), texts);
      },
    ));
  });

  Deno.test(`${name}: a message of the limit is read, one byte more is an error`, async () => {
    const long = framing.encode("x".repeat(100));
    const longer = framing.encode("x".repeat(101));
    for (
      const chunks of [
        [joined([long, longer])],
        singleBytes(joined([long, longer])),
      ]
    ) {
      const got: string[] = [];
      await assertRejects(async () => {
        for await (const text of framing.read(readerOf(chunks), 100)) {
          got.push(text);
        }
      }, MessageTooLongError);
      assertEquals(got, ["x".repeat(100)]);
    }
  });
}

Deno.test("in a line the CR before the newline is dropped; in a frame nothing is", async () => {
  const read = lines.read(readerOf([lines.encode("hi\r")]), 100);
  assertEquals(await Array.fromAsync(read), ["hi"]);
  const kept = frames.read(readerOf([frames.encode("hi\r\n")]), 100);
  assertEquals(await Array.fromAsync(kept), ["hi\r\n"]);
});

Deno.test("a newline ends a line, and is a character like any other in a frame", async () => {
  const cut = lines.read(readerOf([lines.encode("one\ntwo")]), 100);
  assertEquals(await Array.fromAsync(cut), ["one", "two"]);
  await using server = startServer("--framing", "frames");
  using anna = await join(server, "Anna", "frames");
  using ben = await join(server, "Ben", "frames");
  await ben.say("one\nSERVER: two");
  await anna.hear(); // Ben has joined.
  assertEquals(await anna.hear(), "Ben: one\nSERVER: two");
  // In the log it is one line.
  await server.stdout.match(/\nBen: one\\nSERVER: two\n/);
});

for (const framing of BOTH) {
  Deno.test(`${framing}: messages that come one byte at a time are put together`, async () => {
    await using server = startServer("--framing", framing);
    using anna = await join(server, "Anna", framing);
    using ben = await connect(server, framing);
    const { encode } = FRAMINGS[framing];
    const texts = ["Ben", "grüße 🦊", "", "/me waves"];
    for (const byte of joined(texts.map(encode))) {
      await ben.send(new Uint8Array([byte]));
    }
    for (
      const text of [
        "SERVER: Ben has joined the chat.",
        "Ben: grüße 🦊",
        "Ben: ",
        "* Ben waves",
      ]
    ) {
      assertEquals(await anna.hear(), text);
    }
  });

  Deno.test(`${framing}: bytes that are no UTF-8 arrive as U+FFFD`, async () => {
    await using server = startServer("--framing", framing);
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    const message = FRAMINGS[framing].encode("a?b");
    message[message.indexOf(0x3f)] = 0xff;
    await ben.send(message);
    await anna.hear(); // Ben has joined.
    assertEquals(await anna.hear(), "Ben: a\ufffdb");
  });

  Deno.test(`${framing}: two thousand messages at once arrive, in order`, async () => {
    await using server = startServer("--framing", framing);
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    const texts = Array.from({ length: 2000 }, (_, index) => `${index}`);
    const sent = ben.say(...texts);
    await anna.hear(); // Ben has joined.
    for (const text of texts) assertEquals(await anna.hear(), `Ben: ${text}`);
    await sent;
  });
}
