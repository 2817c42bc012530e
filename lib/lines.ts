/**
 * Reading lines: where one message ends and the next begins.
 *
 * @module
 */
import type { Reader } from "./bytes.ts";
import {
  LineSplitter,
  type LineSplitterOptions,
  LineTooLongError,
  MAX_LINE_LENGTH,
} from "./line_splitter.ts";

export { LineSplitter, LineTooLongError, MAX_LINE_LENGTH };
export type { LineSplitterOptions };

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
export function readLines(
  reader: Reader,
  options: ReadLinesOptions = {},
): AsyncIterableIterator<string, void, void> {
  return new LineReader(reader, options);
}

/**
 * An async generator, written by hand: most lines are there already, and to
 * hand out one of those has to cost little.
 */
class LineReader implements AsyncIterableIterator<string, void, void> {
  readonly #reader: Reader;
  readonly #maxLength: number;
  readonly #keepUnterminated: boolean;
  readonly #splitter: LineSplitter;
  // Small for the many connections that say little, larger once one fills it.
  #buffer = new Uint8Array(4096);
  /** Complete lines, those before #next handed out. */
  #lines: string[] = [];
  #next = 0;
  #ended = false;
  /** The call of `next` that came last, if it had to read. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(reader: Reader, options: ReadLinesOptions) {
    const { keepUnterminated = false, maxLength = MAX_LINE_LENGTH } = options;
    this.#reader = reader;
    this.#maxLength = maxLength;
    this.#keepUnterminated = keepUnterminated;
    this.#splitter = new LineSplitter({ maxLength });
  }

  next(): Promise<IteratorResult<string, void>> {
    const value = this.#lines[this.#next];
    if (value !== undefined) {
      this.#next++;
      return Promise.resolve({ value, done: false });
    }
    const result = this.#reading.then(() => this.#read());
    this.#reading = result.catch(() => {});
    return result;
  }

  return(): Promise<IteratorResult<string, void>> {
    this.#end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Reads until there is a line, or no more can come. */
  async #read(): Promise<IteratorResult<string, void>> {
    try {
      while (this.#next === this.#lines.length) {
        if (this.#ended) return { value: undefined, done: true };
        if (this.#splitter.tooLong) throw new LineTooLongError(this.#maxLength);
        const count = await this.#reader.read(this.#buffer);
        if (count === null) {
          const tail = this.#keepUnterminated ? this.#splitter.finish() : null;
          this.#end();
          if (tail !== null) return { value: tail, done: false };
        } else if (!this.#ended) {
          this.#lines = this.#splitter.push(this.#buffer.subarray(0, count));
          this.#next = 0;
          if (count === this.#buffer.length && count < 65_536) {
            this.#buffer = new Uint8Array(4 * count);
          }
        }
      }
      return { value: this.#lines[this.#next++] ?? "", done: false };
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #end(): void {
    this.#ended = true;
    this.#lines = [];
    this.#next = 0;
  }
}
