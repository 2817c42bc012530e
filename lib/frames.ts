/**
 * Frames: a length in front of every message, so that any byte may be in it.
 *
 * A frame is the length of the payload as an unsigned number of 4 bytes, the
 * most significant first (network byte order,
 * {@link https://www.rfc-editor.org/rfc/rfc1700 | RFC 1700}), and then the
 * payload. A payload of no bytes is legal.
 *
 * @module
 */
import { type Reader, UnexpectedEofError } from "./bytes.ts";

const HEADER_LENGTH = 4;

/** The longest payload in bytes, 16 MiB, unless told otherwise. */
export const MAX_FRAME_LENGTH = 16 * 1024 * 1024;

/**
 * A frame announces a payload that is longer than the limit. None of the
 * payload has been kept.
 *
 * @example What was announced, and the bound
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FrameTooLongError } from "./frames.ts";
 *
 * const error = new FrameTooLongError(4_294_967_295, 1024);
 * assertEquals(
 *   error.message,
 *   "Frame of 4294967295 bytes is longer than 1024 bytes",
 * );
 * ```
 */
export class FrameTooLongError extends Error {
  /**
   * Makes the error.
   *
   * @param length The length that the frame announces, in bytes.
   * @param maxLength The limit, in bytes.
   */
  constructor(readonly length: number, readonly maxLength: number) {
    super(`Frame of ${length} bytes is longer than ${maxLength} bytes`);
    this.name = "FrameTooLongError";
  }
}

/**
 * Puts the length in front of `payload`.
 *
 * @param payload The message; it is copied.
 * @returns The frame, ready to be written.
 * @throws {RangeError} If the length does not fit into 4 bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeFrame } from "./frames.ts";
 *
 * const frame = encodeFrame(new TextEncoder().encode("hi"));
 * assertEquals(frame, new Uint8Array([0, 0, 0, 2, 104, 105]));
 * ```
 */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  if (payload.length > 0xffff_ffff) {
    throw new RangeError(
      `Payload of ${payload.length} bytes is longer than ${0xffff_ffff} bytes`,
    );
  }
  const frame = new Uint8Array(HEADER_LENGTH + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, HEADER_LENGTH);
  return frame;
}

/** Options of {@linkcode readFrames}. */
export interface ReadFramesOptions {
  /**
   * The longest payload to accept, in bytes.
   *
   * @default {16_777_216}
   */
  maxLength?: number;
}

/**
 * Reads frames until the stream ends between two of them.
 *
 * The reader is left open, also when the loop is left early: a connection can
 * still be written to after the peer has sent its last frame. What had been
 * read after the last frame taken is lost when the loop is left.
 *
 * Memory for a payload is taken as its bytes arrive, 1 MiB at first and double
 * each time: a peer that only announces much costs little.
 *
 * @param reader Where the bytes come from.
 * @param options How long a payload may be.
 * @returns The payloads, each in memory of its own.
 * @throws {FrameTooLongError} If a frame announces more than the limit, before
 * anything of its payload is kept.
 * @throws {UnexpectedEofError} If the stream ends inside a frame. Whatever the
 * reader throws (a reset, say) comes through as well.
 *
 * @example Two frames in one read
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readFrames } from "./frames.ts";
 *
 * const arrivals = [[0, 0, 0, 2, 7, 8, 0, 0, 0, 0]];
 * const reader = {
 *   read(buffer: Uint8Array) {
 *     const chunk = arrivals.shift();
 *     if (chunk !== undefined) buffer.set(chunk);
 *     return Promise.resolve(chunk?.length ?? null);
 *   },
 * };
 * assertEquals(await Array.fromAsync(readFrames(reader)), [
 *   new Uint8Array([7, 8]),
 *   new Uint8Array([]),
 * ]);
 * ```
 */
export async function* readFrames(
  reader: Reader,
  options: ReadFramesOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  const { maxLength = MAX_FRAME_LENGTH } = options;
  // Read and not handed out yet: buffer[start..end). A large read is for many
  // small frames; a long payload is read straight to where it belongs.
  const buffer = new Uint8Array(16_384);
  const view = new DataView(buffer.buffer);
  let start = 0;
  let end = 0;

  while (true) {
    while (end - start < HEADER_LENGTH) {
      buffer.copyWithin(0, start, end);
      end -= start;
      start = 0;
      const count = await reader.read(buffer.subarray(end));
      if (count === null) {
        if (end === 0) return;
        throw new UnexpectedEofError(end, HEADER_LENGTH);
      }
      end += count;
    }
    const length = view.getUint32(start);
    if (length > maxLength) throw new FrameTooLongError(length, maxLength);
    start += HEADER_LENGTH;

    let payload = new Uint8Array(Math.min(length, 1024 * 1024));
    const buffered = buffer.subarray(start, Math.min(end, start + length));
    payload.set(buffered);
    start += buffered.length;
    let filled = buffered.length;
    while (filled < length) {
      if (filled === payload.length) {
        const grown = new Uint8Array(Math.min(length, 2 * filled));
        grown.set(payload);
        payload = grown;
      }
      const count = await reader.read(payload.subarray(filled));
      if (count === null) throw new UnexpectedEofError(filled, length);
      filled += count;
    }
    yield payload;
  }
}
