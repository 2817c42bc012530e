import { assertEquals, assertRejects } from "@std/assert";
import fc from "../fast_check.ts";
import { readExactly, UnexpectedEofError, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectedPair, readAll } from "../loopback.ts";
import { chunked, readerOf } from "./chunks.ts";

Deno.test("readExactly() takes what was asked for and no more, at every split", async () => {
  await fc.assert(fc.asyncProperty(
    chunked(fc.uint8Array()),
    fc.nat(),
    async ({ bytes, chunks }, seed) => {
      const length = seed % (bytes.length + 1);
      const reader = readerOf(chunks);
      assertEquals(await readExactly(reader, length), bytes.slice(0, length));
      assertEquals(await readAll(reader), bytes.slice(length));
    },
  ));
});

Deno.test("readExactly() says how many bytes were there and how many were due", async () => {
  await fc.assert(fc.asyncProperty(
    chunked(fc.uint8Array()),
    fc.integer({ min: 1, max: 10 }),
    async ({ bytes, chunks }, missing) => {
      const due = bytes.length + missing;
      const error = await assertRejects(
        () => readExactly(readerOf(chunks), due),
        UnexpectedEofError,
        `Stream ended after ${bytes.length} of ${due} bytes`,
      ) as UnexpectedEofError;
      assertEquals([error.received, error.expected], [bytes.length, due]);
    },
  ));
});

Deno.test("writeAll() goes on until a writer that takes a part has taken all", async () => {
  await fc.assert(fc.asyncProperty(
    fc.uint8Array(),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    async (bytes, sizes) => {
      const taken: number[] = [];
      let turn = 0;
      await writeAll({
        write(chunk) {
          const size = sizes[turn++ % sizes.length];
          taken.push(...chunk.subarray(0, size));
          return Promise.resolve(Math.min(chunk.length, size ?? 1));
        },
      }, bytes);
      assertEquals(new Uint8Array(taken), bytes);
    },
  ));
});

Deno.test("writeAll() gets 16 MiB through to a peer that reads late", async () => {
  using pair = await connectedPair();
  const bytes = new Uint8Array(16 * 1024 * 1024).map((_, index) => index % 251);
  const written = writeAll(pair.client, bytes)
    .then(() => pair.client.closeWrite());
  // More than the system keeps for the two: this write is waiting.
  const first = await readExactly(pair.server, 1);
  const rest = await within("the rest", readAll(pair.server));
  await written;
  assertEquals(first[0], 0);
  assertEquals(rest.length, bytes.length - 1);
  assertEquals(rest.every((byte, index) => byte === (index + 1) % 251), true);
});
