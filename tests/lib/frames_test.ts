import { assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import fc from "../fast_check.ts";
import { UnexpectedEofError, writeAll } from "../../lib/bytes.ts";
import {
  encodeFrame,
  FrameTooLongError,
  readFrames,
} from "../../lib/frames.ts";
import { within } from "../deadline.ts";
import { connectedPair, readAll } from "../loopback.ts";
import { chunked, limitReads, readerOf, singleBytes } from "./chunks.ts";

const payloads = fc.array(fc.uint8Array({ maxLength: 300 }));

/** Payloads, and their frames cut into chunks. */
const framed = payloads.chain((payloads) =>
  fc.tuple(
    fc.constant(payloads),
    chunked(fc.constant(concat(payloads.map(encodeFrame)))),
  )
);

Deno.test("encodeFrame() writes the length first, most significant byte first", () => {
  const frame = encodeFrame(new Uint8Array(0x01_02_03));
  assertEquals(frame.subarray(0, 4), new Uint8Array([0, 1, 2, 3]));
  assertEquals(frame.length, 4 + 0x01_02_03);
});

Deno.test("readFrames() gives the payloads that were sent, at every split", async () => {
  await fc.assert(
    fc.asyncProperty(framed, async ([payloads, { bytes, chunks }]) => {
      for (const split of [chunks, [bytes], singleBytes(bytes)]) {
        assertEquals(
          await Array.fromAsync(readFrames(readerOf(split))),
          payloads,
        );
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("readFrames() over TCP gives the same, at every size of read, and leaves the connection open", async () => {
  await fc.assert(
    fc.asyncProperty(
      framed,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      async ([payloads, { chunks }], sizes) => {
        using pair = await connectedPair();
        const sent = (async () => {
          for (const chunk of chunks) await writeAll(pair.client, chunk);
          await pair.client.closeWrite();
        })();
        const frames = readFrames(limitReads(pair.server, sizes));
        assertEquals(
          await within("the frames", Array.fromAsync(frames)),
          payloads,
        );
        await sent;

        // The peer has said its last word. It can still be answered.
        await writeAll(pair.server, encodeFrame(new Uint8Array([1])));
        await pair.server.closeWrite();
        assertEquals(
          await within("the answer", readAll(pair.client)),
          new Uint8Array([0, 0, 0, 1, 1]),
        );
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("readFrames() leaves the connection open when its loop is left", async () => {
  using pair = await connectedPair();
  await writeAll(pair.client, encodeFrame(new Uint8Array([7])));
  for await (const payload of readFrames(pair.server)) {
    assertEquals(payload, new Uint8Array([7]));
    break;
  }
  await writeAll(pair.server, new Uint8Array([9]));
  await pair.server.closeWrite();
  assertEquals(
    await within("the answer", readAll(pair.client)),
    new Uint8Array([9]),
  );
});

Deno.test("readFrames() hands on a payload that takes many reads whole", async () => {
  // Longer than the memory that is taken at first, three times doubled.
  const payload = crypto.getRandomValues(new Uint8Array(65_536));
  const long = concat(new Array(80).fill(payload));
  const frames = concat([encodeFrame(long), encodeFrame(payload)]);
  const reader = limitReads(readerOf([frames]), [65_537, 3, 100_001]);
  assertEquals(await Array.fromAsync(readFrames(reader)), [long, payload]);
});

Deno.test("a frame that ends too early says how much of it was there", async () => {
  const frame = encodeFrame(new Uint8Array(5));
  for (let length = 1; length < frame.length; length++) {
    for (const before of [0, 1]) { // Alone, or behind a whole frame.
      const cut = concat([
        ...new Array(before).fill(frame),
        frame.subarray(0, length),
      ]);
      const frames = readFrames(readerOf(singleBytes(cut)));
      for (let i = 0; i < before; i++) await frames.next();
      await assertRejects(
        () => frames.next(),
        UnexpectedEofError,
        length < 4
          ? `Stream ended after ${length} of 4 bytes`
          : `Stream ended after ${length - 4} of 5 bytes`,
      );
    }
  }
});

Deno.test("a stream that ends between two frames is no error", async () => {
  assertEquals(await Array.fromAsync(readFrames(readerOf([]))), []);
  const one = encodeFrame(new Uint8Array([1]));
  assertEquals(await Array.fromAsync(readFrames(readerOf([one]))), [
    new Uint8Array([1]),
  ]);
});

Deno.test("a frame of exactly the limit is accepted, one byte more is not", async () => {
  const limit = { maxLength: 100 };
  const longest = new Uint8Array(100).fill(1);
  const frames = concat([longest, new Uint8Array(101)].map(encodeFrame));
  for (const split of [[frames], singleBytes(frames)]) {
    const read = readFrames(readerOf(split), limit);
    assertEquals(await read.next(), { value: longest, done: false });
    await assertRejects(
      () => read.next(),
      FrameTooLongError,
      "Frame of 101 bytes is longer than 100 bytes",
    );
  }
});

Deno.test("a frame that announces 4 GB is refused before its payload is read", async () => {
  const header = new Uint8Array([255, 255, 255, 255]);
  let reads = 0;
  const reader = {
    read(buffer: Uint8Array) {
      if (reads++ > 0) throw new Error("There was a second read");
      buffer.set(header);
      return Promise.resolve(header.length);
    },
  };
  await assertRejects(
    () => readFrames(reader).next(),
    FrameTooLongError,
    "Frame of 4294967295 bytes is longer than 16777216 bytes",
  );
});

Deno.test("readFrames() puts together a header cut in any place", async () => {
  const first = encodeFrame(new Uint8Array(0x00_01).fill(1));
  const second = new Uint8Array(0x02_03_04).fill(2);
  const frames = concat([first, encodeFrame(second)]);
  for (let cut = 1; cut < 4; cut++) {
    const chunks = [
      frames.subarray(0, first.length + cut),
      frames.subarray(first.length + cut),
    ];
    assertEquals(await Array.fromAsync(readFrames(readerOf(chunks))), [
      new Uint8Array([1]),
      second,
    ]);
  }
});
