/**
 * One direction of a connection: what one side sends goes to the other, in its
 * order, and no faster than the other reads.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import type { Socket } from "node:net";
import { Delivery, type DeliveryOptions, type Step } from "./delivery.ts";
import { isAtOnce } from "./trouble.ts";

/** So much is read ahead of a side that does not read, in bytes. */
const MOST_WAITING = 1024 * 1024;

/** What a {@linkcode Direction} is made of. */
export interface DirectionOptions extends Omit<DeliveryOptions, "onPassed"> {
  /** The connection to the side that sends. */
  source: Socket;
}

/** One direction of a connection. */
export class Direction {
  readonly #options: DirectionOptions;
  readonly #delivery: Delivery;
  /** Bytes that were read and are not written yet. */
  #waiting = 0;
  /** How many bytes have come in all. */
  #come = 0;
  #collected: Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** No more is to be passed on than what is on its way. */
  #closing = false;

  /** Begins to pass on, once `start` is called. */
  constructor(options: DirectionOptions) {
    this.#options = options;
    this.#delivery = new Delivery({
      ...options,
      onPassed: (count) => this.#passed(count),
    });
  }

  /** How many bytes were read and not passed on yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Begins to read. */
  start(): void {
    const { source, from, record } = this.#options;
    source.on("data", (chunk: Uint8Array) => this.#take(kept(chunk)));
    source.on("end", () => {
      const ended = { kind: "end", from, by: from } as const;
      const atOnce = this.#closing ? !this.#delivery.running : this.#isFree;
      record(atOnce ? ended : { ...ended, held: true });
      this.#close({ does: "end", told: atOnce });
    });
    source.resume();
  }

  /** Looks again at what is to be done to the bytes. */
  change(): void {
    this.#delivery.change();
    if (this.#options.trouble().merge === 0) this.#flush();
  }

  /**
   * Tells the other side that no more comes, once it has what has come so far.
   * What comes from now on is lost.
   */
  halfClose(): void {
    this.#close({ does: "end", told: false });
  }

  /** Nothing is passed on any more: the connection is over. */
  stop(): void {
    this.#delivery.stop();
    this.#waiting = 0;
    clearTimeout(this.#timer);
  }

  /** Waits until the system has what was written, but not for long. */
  async written(limit: number): Promise<void> {
    await this.#delivery.written(limit);
  }

  /** Ends or resets it behind what is on its way. What comes now is lost. */
  #close(step: Step): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#flush();
    this.#delivery.push(step);
  }

  /** Whether what comes now can go on at once. */
  get #isFree(): boolean {
    return !this.#closing && !this.#delivery.running &&
      this.#collected.length === 0 && isAtOnce(this.#options.trouble());
  }

  /** A chunk was read. */
  #take(chunk: Uint8Array): void {
    const { from, record, source, trouble } = this.#options;
    const { merge, endAfter, resetAfter } = trouble();
    const toEnd = this.#left(endAfter);
    const toReset = this.#left(resetAfter);
    const passed = chunk.subarray(0, Math.min(toEnd, toReset));
    const atOnce = this.#isFree && passed.length === chunk.length;
    const chunkRead = { kind: "chunk", from, bytes: chunk } as const;
    record(atOnce ? chunkRead : { ...chunkRead, held: true });
    this.#waiting += chunk.length;
    if (this.#closing) {
      this.#delivery.push({ does: "lose", bytes: chunk });
    } else if (atOnce) {
      this.#delivery.write(chunk);
    } else {
      this.#collected.push(passed);
      if (merge === 0 || this.#waiting >= MOST_WAITING) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), merge);
    }
    this.#come += chunk.length;
    if (!this.#closing && Math.min(toEnd, toReset) <= chunk.length) {
      this.#close(
        toReset <= toEnd ? { does: "reset" } : { does: "end", told: false },
      );
      const bytes = chunk.subarray(passed.length);
      if (bytes.length > 0) this.#delivery.push({ does: "lose", bytes });
    }
    if (this.#waiting >= MOST_WAITING) source.pause();
  }

  /** How many more bytes are passed on until there are `limit`, 0 for no limit. */
  #left(limit: number): number {
    return limit === 0 ? Infinity : Math.max(0, limit - this.#come);
  }

  /** Puts what was collected on its way, cut as it is to be. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#collected.length === 0) return;
    const bytes = concat(this.#collected);
    this.#collected = [];
    const { trouble, random } = this.#options;
    const { cut, delay } = trouble();
    const due = delay === 0 ? 0 : performance.now() + delay;
    for (let start = 0; start < bytes.length;) {
      const length = cut === 0 ? bytes.length : random.integer(1, cut);
      const piece = bytes.subarray(start, start + length);
      const apart = start > 0;
      this.#delivery.push({ does: "pass", bytes: piece, due, apart });
      start += piece.length;
    }
  }

  /** So many bytes are on their way no more. */
  #passed(count: number): void {
    this.#waiting -= count;
    if (this.#waiting < MOST_WAITING) this.#options.source.resume();
  }
}

/** The bytes, without the rest of a larger buffer that they came in. */
function kept(chunk: Uint8Array): Uint8Array {
  return chunk.buffer.byteLength <= 2 * chunk.length
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
    : new Uint8Array(chunk);
}
