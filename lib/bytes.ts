/**
 * The loops that `read` and `write` need: TCP hands over whatever has
 * arrived and takes whatever fits, seldom just what was asked for.
 *
 * @module
 */

/**
 * What bytes can be read from: a `Deno.Conn`, a file, `Deno.stdin`, or an
 * object of a test.
 */
export interface Reader {
  /**
   * Fills the beginning of `buffer` with what has arrived and returns how many
   * bytes that was, at least 1; or `null` when no more will come.
   */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** What bytes can be written to: a `Deno.Conn`, a file, `Deno.stdout`. */
export interface Writer {
  /** Takes some of `bytes` from their beginning, at least 1, and returns how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * The stream ended before everything that was due had come.
 *
 * @example What was there, and what was due
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UnexpectedEofError } from "./bytes.ts";
 *
 * const error = new UnexpectedEofError(3, 8);
 * assertEquals(error.message, "Stream ended after 3 of 8 bytes");
 * ```
 */
export class UnexpectedEofError extends Error {
  /**
   * Makes the error.
   *
   * @param received How many bytes had come.
   * @param expected How many bytes were due.
   */
  constructor(readonly received: number, readonly expected: number) {
    super(`Stream ended after ${received} of ${expected} bytes`);
    this.name = "UnexpectedEofError";
  }
}

/**
 * Reads `length` bytes, in as many reads as it takes, and not a byte more.
 *
 * @param reader Where the bytes come from. It is left open.
 * @param length How many bytes to read; room for all of them is taken at once,
 * so check a length that a peer sent against a limit first.
 * @returns The bytes, in memory of their own.
 * @throws {UnexpectedEofError} If the stream ends before that.
 *
 * @example A header of four bytes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readExactly } from "./bytes.ts";
 *
 * const arrivals = [[1, 2, 3], [4]];
 * const reader = {
 *   read(buffer: Uint8Array) {
 *     const chunk = arrivals.shift();
 *     if (chunk !== undefined) buffer.set(chunk);
 *     return Promise.resolve(chunk?.length ?? null);
 *   },
 * };
 * assertEquals(await readExactly(reader, 4), new Uint8Array([1, 2, 3, 4]));
 * ```
 */
export async function readExactly(
  reader: Reader,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let received = 0;
  while (received < length) {
    const count = await reader.read(bytes.subarray(received));
    if (count === null) throw new UnexpectedEofError(received, length);
    received += count;
  }
  return bytes;
}

/**
 * Writes all of `bytes`, in as many writes as it takes.
 *
 * That it returns means that the operating system has taken the bytes, not
 * that the peer has read them. Where the peer does not read, it waits; two
 * calls at once on one connection mix their bytes.
 *
 * @param writer Where the bytes go. It is left open.
 * @param bytes What to write; do not change it before the call has ended.
 *
 * @example A writer that takes two bytes at a time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { writeAll } from "./bytes.ts";
 *
 * const taken: number[][] = [];
 * const writer = {
 *   write(bytes: Uint8Array) {
 *     taken.push([...bytes.subarray(0, 2)]);
 *     return Promise.resolve(Math.min(2, bytes.length));
 *   },
 * };
 * await writeAll(writer, new Uint8Array([1, 2, 3]));
 * assertEquals(taken, [[1, 2], [3]]);
 * ```
 */
export async function writeAll(
  writer: Writer,
  bytes: Uint8Array,
): Promise<void> {
  let pending = bytes;
  while (pending.length > 0) {
    pending = pending.subarray(await writer.write(pending));
  }
}
