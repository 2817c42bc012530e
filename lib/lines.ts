/**
 * Lines out of a stream of bytes: where one message ends and the next begins.
 *
 * LF (0x0A) ends a line and one CR before it is dropped. Text is UTF-8
 * ({@link https://www.rfc-editor.org/rfc/rfc3629 | RFC 3629}); a sequence that
 * is not valid becomes U+FFFD. A character that arrives in two chunks is put
 * together again.
 *
 * @module
 */
import type { Reader } from "./bytes.ts";

const LF = 0x0a;
const CR = 0x0d;

/** The longest line, in bytes without its line end, unless told otherwise. */
export const MAX_LINE_LENGTH = 65_536;

/**
 * A line is longer than the limit.
 *
 * @example The bound is in the message
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LineTooLongError } from "./lines.ts";
 *
 * const error = new LineTooLongError(80);
 * assertEquals(error.message, "Line is longer than 80 bytes");
 * ```
 */
export class LineTooLongError extends Error {
  /**
   * Makes the error.
   *
   * @param maxLength The limit that the line is over, in bytes.
   */
  constructor(readonly maxLength: number) {
    super(`Line is longer than ${maxLength} bytes`);
    this.name = "LineTooLongError";
  }
}

/** Options of {@linkcode LineSplitter}. */
export interface LineSplitterOptions {
  /**
   * The longest line to accept, in bytes, its line end not counted.
   *
   * @default {65_536}
   */
  maxLength?: number;
}

/**
 * Cuts chunks of bytes into lines. It does no input or output: push what was
 * read, take the lines that are complete.
 *
 * It keeps at most `maxLength` + 1 bytes between two calls. The work is
 * linear in the number of bytes, however they are cut into chunks.
 *
 * @example A line in two pieces, and the beginning of the next
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LineSplitter } from "./lines.ts";
 *
 * const encoder = new TextEncoder();
 * const splitter = new LineSplitter();
 * assertEquals(splitter.push(encoder.encode("hel")), []);
 * assertEquals(splitter.push(encoder.encode("lo\nworld\r\n!")), [
 *   "hello",
 *   "world",
 * ]);
 * assertEquals(splitter.finish(), "!");
 * ```
 */
export class LineSplitter {
  readonly #maxLength: number;
  // ignoreBOM: U+FEFF is a character like any other in the middle of a stream.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The beginning of a line whose end has not come: #tail[0..#tailLength). */
  #tail = new Uint8Array(0);
  #tailLength = 0;
  #tooLong = false;

  /**
   * Makes a splitter for one stream.
   *
   * @param options How long a line may be.
   * @throws {RangeError} If `maxLength` is not a whole number of at least 1.
   */
  constructor(options: LineSplitterOptions = {}) {
    const { maxLength = MAX_LINE_LENGTH } = options;
    if (!Number.isSafeInteger(maxLength) || maxLength < 1) {
      throw new RangeError(`maxLength must be at least 1, not ${maxLength}`);
    }
    this.#maxLength = maxLength;
  }

  /**
   * Whether a line over the limit has come. The lines before it have been
   * handed out, nothing after it can be: `push` and `finish` now throw.
   */
  get tooLong(): boolean {
    return this.#tooLong;
  }

  /**
   * Takes the next bytes of the stream and returns the lines that they
   * complete, without their line ends.
   *
   * A line over the limit is told by {@linkcode tooLong} after this call, so
   * that the lines before it are not lost.
   *
   * @param chunk Any number of bytes. They are copied where they are needed
   * later: the caller may use the buffer again.
   * @throws {LineTooLongError} If an earlier chunk held a line over the limit.
   */
  push(chunk: Uint8Array): string[] {
    if (this.#tooLong) throw new LineTooLongError(this.#maxLength);
    const end = this.#endOfLines(chunk);
    const lines = end < 0 ? [] : this.#decodeLines(chunk.subarray(0, end));
    if (this.#tooLong) {
      this.#tail = new Uint8Array(0);
    } else {
      this.#keep(chunk.subarray(end + 1));
    }
    return lines;
  }

  /**
   * Says that the stream has ended, and returns what came after the last line
   * end, or `null` if there was nothing. The splitter is as new afterwards.
   *
   * @throws {LineTooLongError} If that, or a line before, is over the limit.
   */
  finish(): string | null {
    // A CR that no LF follows is a part of the text, and counts.
    if (this.#tooLong || this.#tailLength > this.#maxLength) {
      throw new LineTooLongError(this.#maxLength);
    }
    if (this.#tailLength === 0) return null;
    const text = this.#decode(this.#tail.subarray(0, this.#tailLength));
    this.#tailLength = 0;
    return text;
  }

  /**
   * The place in `chunk` of the last LF that can be handed out, or -1. Sets
   * `#tooLong` if the line after it is over the limit.
   */
  #endOfLines(chunk: Uint8Array): number {
    const last = chunk.lastIndexOf(LF);
    // Seen from afar: all of it together is no longer than one line may be.
    if (this.#tailLength + last <= this.#maxLength) return last;

    let end = -1;
    let start = -this.#tailLength; // Where the line begins, the tail included.
    while (end < last) {
      const next = chunk.indexOf(LF, end + 1);
      const before = next > 0
        ? chunk[next - 1]
        : this.#tail[this.#tailLength - 1];
      const length = next - start - (before === CR ? 1 : 0);
      if (length > this.#maxLength) {
        this.#tooLong = true;
        break;
      }
      end = next;
      start = next + 1;
    }
    return end;
  }

  /** The lines in the tail and `bytes`, which end where an LF stood. */
  #decodeLines(bytes: Uint8Array): string[] {
    let whole = bytes;
    if (this.#tailLength > 0) {
      this.#append(bytes);
      whole = this.#tail.subarray(0, this.#tailLength);
      // A large one is not kept: the next line may be long in coming.
      if (this.#tail.length > 4096) this.#tail = new Uint8Array(0);
      this.#tailLength = 0;
    }
    // All lines in one go is many times as fast as one by one, and the same:
    // no byte of a character of several bytes is an LF.
    const text = this.#decode(whole);
    const lines = text.split("\n");
    if (text.includes("\r")) {
      for (const [index, line] of lines.entries()) {
        if (line.endsWith("\r")) lines[index] = line.slice(0, -1);
      }
    }
    return lines;
  }

  #decode(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes);
  }

  /** Keeps `rest`, which has no LF in it, unless that makes too long a line. */
  #keep(rest: Uint8Array): void {
    if (rest.length === 0) return;
    // One more may be the CR of a line end whose LF is still to come.
    const length = this.#tailLength + rest.length;
    const room = this.#maxLength + (rest.at(-1) === CR ? 1 : 0);
    if (length > room) {
      this.#tooLong = true;
      this.#tail = new Uint8Array(0);
    } else {
      this.#append(rest);
    }
  }

  /** Adds `bytes` to the tail, which doubles when it is full. */
  #append(bytes: Uint8Array): void {
    const length = this.#tailLength + bytes.length;
    if (length > this.#tail.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#tail.length));
      grown.set(this.#tail.subarray(0, this.#tailLength));
      this.#tail = grown;
    }
    this.#tail.set(bytes, this.#tailLength);
    this.#tailLength = length;
  }
}

/** Options of {@linkcode readLines}. */
export interface ReadLinesOptions extends LineSplitterOptions {
  /**
   * Whether text after the last line end counts as a line when the stream
   * ends. Without, it is taken for a message cut short and is dropped.
   *
   * @default {false}
   */
  keepUnterminated?: boolean;
}

/**
 * Reads lines until the stream ends.
 *
 * The reader is left open, also when the loop is left early: a connection can
 * still be written to after the peer has sent its last line. What had been
 * read after the last line taken is lost when the loop is left, so go on with
 * the same iterator rather than with a second one.
 *
 * @param reader Where the bytes come from.
 * @param options How long a line may be, and what an unfinished one is.
 * @returns The lines, without their line ends.
 * @throws {LineTooLongError} If a line is over the limit, after the lines
 * before it. Whatever the reader throws (a reset, say) comes through as well.
 *
 * @example Every complete line
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readLines } from "./lines.ts";
 *
 * const arrivals = ["to", "p\nbot", "tom\ncut sh"].map((text) =>
 *   new TextEncoder().encode(text)
 * );
 * const reader = {
 *   read(buffer: Uint8Array) {
 *     const chunk = arrivals.shift();
 *     if (chunk !== undefined) buffer.set(chunk);
 *     return Promise.resolve(chunk?.length ?? null);
 *   },
 * };
 * assertEquals(await Array.fromAsync(readLines(reader)), ["top", "bottom"]);
 * ```
 */
export async function* readLines(
  reader: Reader,
  options: ReadLinesOptions = {},
): AsyncGenerator<string, void, void> {
  const { keepUnterminated = false, maxLength = MAX_LINE_LENGTH } = options;
  const splitter = new LineSplitter({ maxLength });
  // Small for the many connections that say little, larger once one fills it.
  let buffer = new Uint8Array(4096);
  while (true) {
    const count = await reader.read(buffer);
    if (count === null) break;
    yield* splitter.push(buffer.subarray(0, count));
    if (splitter.tooLong) throw new LineTooLongError(maxLength);
    if (count === buffer.length && count < 65_536) {
      buffer = new Uint8Array(4 * count);
    }
  }
  if (keepUnterminated) {
    const tail = splitter.finish();
    if (tail !== null) yield tail;
  }
}
