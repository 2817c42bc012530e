/**
 * What has come over a connection and was not taken yet.
 *
 * @module
 */

/** Bytes in the order in which they came, and the news of the end. */
export class Inbox {
  #buffer = new Uint8Array(4096);
  #start = 0;
  #end = 0;
  #changed = Promise.withResolvers<void>();
  /** How the connection has ended, `null` while it goes on. */
  over: "closed" | "reset" | null = null;

  /** What is there. Valid until more comes. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Resolves when more has come, or the end. */
  get change(): Promise<void> {
    return this.#changed.promise;
  }

  /** Puts `chunk` behind what is there. */
  add(chunk: Uint8Array): void {
    const length = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const needed = length + chunk.length;
      const grown = new Uint8Array(Math.max(2 * needed, 4096));
      grown.set(this.bytes);
      this.#buffer = grown;
      this.#start = 0;
      this.#end = length;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
    this.#wake();
  }

  /** Takes the first `count` bytes out. */
  take(count: number): Uint8Array {
    const taken = this.#buffer.slice(this.#start, this.#start + count);
    this.#start += count;
    return taken;
  }

  /** The connection is over; only the first word on it counts. */
  finish(how: "closed" | "reset"): void {
    this.over ??= how;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
