/**
 * Bytes cut into chunks, every way there is.
 *
 * @module
 */
import fc from "../fast_check.ts";
import type { Reader } from "../../lib/bytes.ts";

/** Bytes, and the chunks that they come in. */
export interface Chunked {
  bytes: Uint8Array;
  chunks: Uint8Array[];
}

/** Any way to cut `bytes` into chunks of at least one byte. */
export function chunked(
  bytes: fc.Arbitrary<Uint8Array>,
): fc.Arbitrary<Chunked> {
  return bytes.chain((bytes) =>
    fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, bytes.length - 1) }))
      .map((cuts) => ({ bytes, chunks: cutAt(bytes, cuts) }))
  );
}

function cutAt(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1)
    .map((end, index) => bytes.subarray(places[index], end))
    .filter((chunk) => chunk.length > 0);
}

/** One byte in each chunk. */
export function singleBytes(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

/** A reader that returns one chunk a read, or what of it the buffer can hold. */
export function readerOf(chunks: Uint8Array[]): Reader {
  let next = 0;
  let rest: Uint8Array = new Uint8Array(0);
  return {
    read(buffer) {
      if (rest.length === 0) {
        const chunk = chunks[next++];
        if (chunk === undefined) return Promise.resolve(null);
        rest = chunk;
      }
      const count = Math.min(rest.length, buffer.length);
      buffer.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return Promise.resolve(count);
    },
  };
}

/** The same reader, never returning more than the next of `sizes` (in turn). */
export function limitReads(reader: Reader, sizes: number[]): Reader {
  let turn = 0;
  return {
    read(buffer) {
      const size = sizes[turn++ % sizes.length] ?? buffer.length;
      return reader.read(buffer.subarray(0, Math.min(size, buffer.length)));
    },
  };
}
