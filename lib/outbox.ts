/**
 * Sending to a peer without waiting for it.
 *
 * @module
 */
import { concat } from "jsr:@std/bytes@^1/concat";
import type { Writer } from "./bytes.ts";

/** How many pushes may wait: one of a few bytes takes more memory than those. */
const MAX_PUSHES = 16_384;

/**
 * A peer reads more slowly than it is sent to, or not at all.
 *
 * @example The bound is in the message
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SlowPeerError } from "./outbox.ts";
 *
 * const error = new SlowPeerError(1_048_576);
 * assertEquals(error.message, "Peer does not read what waits for it (1048576 bytes at most)");
 * ```
 */
export class SlowPeerError extends Error {
  /**
   * Makes the error.
   *
   * @param maxLength The limit that is reached, in bytes.
   */
  constructor(readonly maxLength: number) {
    super(`Peer does not read what waits for it (${maxLength} bytes at most)`);
    this.name = "SlowPeerError";
  }
}

/** Options of {@linkcode Outbox}. */
export interface OutboxOptions {
  /**
   * How many bytes may wait. They may come from 16 384 calls of
   * {@linkcode Outbox.push} at most.
   *
   * @default {1_048_576}
   */
  maxLength?: number;
  /**
   * Is told, once, why nothing more will be sent: a {@linkcode SlowPeerError},
   * or what `write` threw. The place to close the connection, which also ends a
   * read of it that is pending.
   */
  onFailure?: (error: unknown) => void;
}

/** Options of {@linkcode Outbox.close}. */
export interface CloseOptions {
  /**
   * How long to wait for the peer at most, in milliseconds.
   *
   * @default {1000}
   */
  timeout?: number;
}

/**
 * What waits to be sent to one peer: an ordered queue of bytes, with a limit.
 *
 * Whoever sends to many must not wait for any of them: an awaited `write` to a
 * peer that does not read would hold up all others. Here {@linkcode push} takes
 * the bytes and returns. They are written in their order, one write at a time,
 * and all that has come meanwhile goes out in the next write. That is less work
 * than a write each, and two writes at once would mix their bytes.
 *
 * What is pushed is kept as it is, so the same bytes may wait in any number of
 * outboxes and be in memory once. It never closes the connection.
 *
 * @example Two messages in one write
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Outbox } from "./outbox.ts";
 *
 * const written: string[] = [];
 * const outbox = new Outbox({
 *   write(bytes) {
 *     written.push(new TextDecoder().decode(bytes));
 *     return Promise.resolve(bytes.length);
 *   },
 * });
 * outbox.push(new TextEncoder().encode("one\n"));
 * outbox.push(new TextEncoder().encode("two\n"));
 * assertEquals(outbox.waiting, 8);
 * assertEquals(await outbox.close(), true);
 * assertEquals(written, ["one\ntwo\n"]);
 * ```
 */
export class Outbox {
  readonly #writer: Writer;
  readonly #maxLength: number;
  readonly #onFailure: (error: unknown) => void;
  /** What the next write takes. */
  #queue: Uint8Array[] = [];
  /** How many bytes that is. */
  #queued = 0;
  /** How much of the write under way the system has not taken. */
  #writing = 0;
  #sending: Promise<void> | null = null;
  #state: "open" | "closing" | "closed" | "failed" = "open";

  /**
   * Makes an empty outbox.
   *
   * @param writer The connection. Nobody else may write to it.
   * @param options How much may wait, and who is told of a failure.
   * @throws {RangeError} If `maxLength` is not a whole number of at least 1.
   */
  constructor(writer: Writer, options: OutboxOptions = {}) {
    const { maxLength = 1_048_576, onFailure = () => {} } = options;
    if (!Number.isSafeInteger(maxLength) || maxLength < 1) {
      throw new RangeError(`maxLength must be at least 1, not ${maxLength}`);
    }
    this.#writer = writer;
    this.#maxLength = maxLength;
    this.#onFailure = onFailure;
  }

  /**
   * How many bytes wait: those that the system has not taken yet. Nobody can
   * say how many of the others the peer has read.
   */
  get waiting(): number {
    return this.#queued + this.#writing;
  }

  /**
   * Queues `bytes`. It waits for nobody and does not throw. After a failure, or
   * once the outbox is closed, the bytes are dropped.
   *
   * @param bytes What to send. Do not change them afterwards.
   */
  push(bytes: Uint8Array): void {
    if (this.#state !== "open" || bytes.length === 0) return;
    if (
      this.waiting + bytes.length > this.#maxLength ||
      this.#queue.length === MAX_PUSHES
    ) {
      return this.#fail(new SlowPeerError(this.#maxLength));
    }
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#sending ??= this.#send();
  }

  /**
   * Takes no more, and waits until all that is owed has been written, or the
   * time is up: what is left then is dropped.
   *
   * @param options How long to wait.
   * @returns Whether everything was written. After a failure it was not.
   */
  async close(options: CloseOptions = {}): Promise<boolean> {
    const { timeout = 1000 } = options;
    if (this.#state === "open") this.#state = "closing";
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeout);
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    if (this.#state === "failed") return false;
    this.#state = "closed";
    const sent = this.waiting === 0;
    this.#writing = 0;
    this.#drop();
    return sent;
  }

  /** Writes until nothing waits. Only this peer's reading holds it up. */
  async #send(): Promise<void> {
    try {
      // What is pushed before anything else happens goes out in one write.
      await Promise.resolve();
      while (this.#queued > 0) {
        let pending = concat(this.#queue);
        this.#drop();
        while (pending.length > 0 && this.#mayWrite) {
          this.#writing = pending.length;
          pending = pending.subarray(await this.#writer.write(pending));
        }
        this.#writing = 0;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#sending = null;
  }

  get #mayWrite(): boolean {
    return this.#state === "open" || this.#state === "closing";
  }

  #fail(error: unknown): void {
    // After the time for closing is up, a write has to fail.
    if (!this.#mayWrite) return;
    this.#state = "failed";
    this.#writing = 0;
    this.#drop();
    this.#onFailure(error);
  }

  /** Empties the queue. */
  #drop(): void {
    this.#queue = [];
    this.#queued = 0;
  }
}
