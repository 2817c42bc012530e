/**
 * Cutting bytes into lines, without any input or output.
 *
 * LF (0x0A) ends a line and one CR before it is dropped. Text is UTF-8
 * ({@link https://www.rfc-editor.org/rfc/rfc3629 | RFC 3629}); a sequence that
 * is not valid becomes U+FFFD. A character that arrives in two chunks is put
 * together again.
 *
 * @module
 */

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
 * import { LineTooLongError } from "./line_splitter.ts";
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
 * import { LineSplitter } from "./line_splitter.ts";
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
    const lines = end > 0 ? this.#takeLines(chunk.subarray(0, end)) : [];
    this.#keep(chunk.subarray(end));
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
    return this.#decode(this.#takeTail());
  }

  /**
   * The place in `chunk` behind the last LF that can be handed out, 0 if there
   * is none. Sets `#tooLong` if the line after it is over the limit.
   */
  #endOfLines(chunk: Uint8Array): number {
    const last = chunk.lastIndexOf(LF);
    let end = 0;
    let start = -this.#tailLength; // Where the line begins, the tail included.
    while (end <= last) {
      // Seen from afar: all the rest is no longer than one line may be.
      if (last - start <= this.#maxLength) return last + 1;
      const lf = chunk.indexOf(LF, end);
      const before = lf > 0 ? chunk[lf - 1] : this.#tail[this.#tailLength - 1];
      if (lf - start - (before === CR ? 1 : 0) > this.#maxLength) {
        this.#tooLong = true;
        break;
      }
      end = start = lf + 1;
    }
    return end;
  }

  /** The lines in the tail and `bytes`, which end with an LF. */
  #takeLines(bytes: Uint8Array): string[] {
    if (this.#tailLength === 0) return this.#split(bytes);
    const next = bytes.indexOf(LF) + 1;
    this.#append(bytes.subarray(0, next));
    const first = this.#split(this.#takeTail());
    return next === bytes.length
      ? first
      : first.concat(this.#split(bytes.subarray(next)));
  }

  /** The lines in `bytes`, which end with an LF. */
  #split(bytes: Uint8Array): string[] {
    // Decoding all lines in one go is many times as fast as one by one, and the
    // same: no byte of a character of several bytes is an LF.
    const text = this.#decode(bytes.subarray(0, -1));
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

  /** The bytes of the tail, which is empty afterwards. */
  #takeTail(): Uint8Array {
    const tail = this.#tail.subarray(0, this.#tailLength);
    // A large one is not kept: the next line may be long in coming.
    if (this.#tail.length > 4096) this.#tail = new Uint8Array(0);
    this.#tailLength = 0;
    return tail;
  }

  /** Keeps `rest`, which has no LF in it, if a line is not too long by now. */
  #keep(rest: Uint8Array): void {
    // One more may be the CR of a line end whose LF is still to come.
    const room = this.#maxLength + (rest.at(-1) === CR ? 1 : 0);
    if (this.#tailLength + rest.length > room) this.#tooLong = true;
    if (this.#tooLong) this.#tail = new Uint8Array(0);
    else this.#append(rest);
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
