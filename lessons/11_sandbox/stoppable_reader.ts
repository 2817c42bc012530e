/**
 * A read has no time limit and cannot be called off. But whoever waits for it
 * can be told that the stream has ended.
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import type { Reader } from "../../lib/bytes.ts";

/** A reader that can be stopped: from then on it tells the end of the stream. */
export class StoppableReader implements Reader {
  readonly #reader: Reader;
  #stopPending = () => {};
  #stopped = false;

  /** Reads from `reader`, one read at a time, until it is stopped. */
  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Whether it has been stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    if (this.#stopped) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.#stopPending = () => resolve(null);
      this.#reader.read(buffer).then(resolve, reject);
    });
  }

  /**
   * Ends the read under way, for who waits for it. The system still has it, and
   * the next bytes go to it: close the connection, do not read on.
   */
  stop(): void {
    this.#stopped = true;
    this.#stopPending();
  }
}

Deno.test("a read that waits ends when it is told to, and so does the next", async () => {
  const reader = new StoppableReader({ read: () => new Promise(() => {}) });
  const pending = reader.read(new Uint8Array(1));
  reader.stop();
  assertEquals(await pending, null);
  assertEquals(await reader.read(new Uint8Array(1)), null);
});
