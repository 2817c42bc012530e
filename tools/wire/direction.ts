/**
 * One direction of a connection: what one side sends goes to the other, in its
 * order, and no faster than the other reads.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../tests/grader/random.ts";
import type { Happening, Side } from "./trace.ts";
import { isNone, type Trouble } from "./trouble.ts";

/** So much is read ahead of a side that does not read, in bytes. */
const MOST_WAITING = 1024 * 1024;

/** Between two pieces of what was cut, so that they can be read apart, in ms. */
const GAP = 2;

/** What a {@linkcode Direction} is made of. */
export interface DirectionOptions {
  /** The side that sends. */
  from: Side;
  /** The connection to that side. */
  source: Socket;
  /** The connection to the other one. */
  sink: Socket;
  /** What is done to the bytes now. */
  trouble: () => Trouble;
  /** Where the sizes of pieces come from. */
  random: Random;
  /** Is told what happens. */
  record: (happening: Happening) => void;
  /** Is called when all was passed on, the end of the stream included. */
  onDone: () => void;
  /** Is called when the connection is to be reset. */
  onReset: () => void;
}

/** Bytes on their way, or the end of the stream. */
interface Piece {
  bytes: Uint8Array | null;
  /** When it may go out at the earliest. */
  due: number;
  /** Whether it follows the one before after a moment only. */
  apart: boolean;
  /** Whether it is known from what was read that it goes on. */
  told?: boolean;
}

/** One direction of a connection. */
export class Direction {
  readonly #options: DirectionOptions;
  readonly #queue: Piece[] = [];
  #delivering = false;
  /** Bytes in the queue, and those that are being written. */
  #waiting = 0;
  /** How many bytes have come in all. */
  #come = 0;
  #collected: Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #changed = Promise.withResolvers<void>();
  /** No more is to be passed on than what is on its way. */
  #closing = false;
  readonly #over = new AbortController();

  /** Begins to pass on, once `start` is called. */
  constructor(options: DirectionOptions) {
    this.#options = options;
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
      const atOnce = this.#isFree || this.#closing;
      record(atOnce ? ended : { ...ended, held: true });
      this.#close(atOnce);
    });
    source.resume();
  }

  /** Looks again at what is to be done to the bytes. */
  change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    if (this.#options.trouble().merge === 0) this.#flush();
  }

  /**
   * Tells the other side that no more comes, once it has what has come so far.
   * What comes from now on is lost.
   */
  halfClose(): void {
    this.#close(false);
  }

  /** Ends it behind what is on its way. `told` says that it is recorded. */
  #close(told: boolean): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#flush();
    this.#push({ bytes: null, due: 0, apart: false, told });
  }

  /** Whether what comes now can go on at once. */
  get #isFree(): boolean {
    return !this.#closing && !this.#delivering &&
      this.#collected.length === 0 && isNone(this.#options.trouble());
  }

  /** Nothing is passed on any more: the connection is over. */
  stop(): void {
    this.#over.abort();
    this.#waiting = 0;
    clearTimeout(this.#timer);
    this.#changed.resolve();
  }

  /** Waits until the system has what was written, but not for long. */
  async written(limit: number): Promise<void> {
    if (this.#options.sink.writableLength === 0) return;
    const written = new Promise<void>((resolve) =>
      this.#options.sink.write("", () => resolve())
    );
    const over = new AbortController();
    const late = delay(limit, undefined, { signal: over.signal });
    await Promise.race([written, late.catch(() => {})]);
    over.abort();
  }

  /** A chunk was read. */
  #take(chunk: Uint8Array): void {
    const { from, record, source, trouble, onReset } = this.#options;
    const { merge } = trouble();
    const atOnce = this.#isFree;
    const chunkRead = { kind: "chunk", from, bytes: chunk } as const;
    record(atOnce ? chunkRead : { ...chunkRead, held: true });
    if (this.#closing) {
      record({ kind: "lost", from, bytes: chunk });
      return;
    }
    this.#waiting += chunk.length;
    if (atOnce) {
      this.#write(chunk);
    } else {
      this.#collected.push(chunk);
      if (merge === 0 || this.#waiting >= MOST_WAITING) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), merge);
    }
    if (this.#waiting >= MOST_WAITING) source.pause();
    this.#come += chunk.length;
    const { endAfter, resetAfter } = trouble();
    if (endAfter > 0 && this.#come >= endAfter) this.halfClose();
    if (resetAfter > 0 && this.#come >= resetAfter) onReset();
  }

  /** Puts what was collected into the queue, cut as it is to be. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#collected.length === 0) return;
    const bytes = concat(this.#collected);
    this.#collected = [];
    const { cut, delay } = this.#options.trouble();
    const due = delay === 0 ? 0 : performance.now() + delay;
    for (let start = 0; start < bytes.length;) {
      const length = cut === 0
        ? bytes.length
        : this.#options.random.integer(1, cut);
      const piece = bytes.subarray(start, start + length);
      this.#push({ bytes: piece, due, apart: start > 0 });
      start += piece.length;
    }
  }

  #push(piece: Piece): void {
    this.#queue.push(piece);
    if (!this.#delivering) this.#deliver();
  }

  /** Passes on what is in the queue. */
  async #deliver(): Promise<void> {
    const { from, sink, record, onDone } = this.#options;
    this.#delivering = true;
    for (let piece; (piece = this.#queue[0]) !== undefined;) {
      await this.#until(piece);
      if (this.#over.signal.aborted) break;
      this.#queue.shift();
      if (piece.bytes !== null) await this.#pass(piece.bytes);
      else {
        if (!piece.told) record({ kind: "end", from, by: "wire" });
        sink.end(onDone);
      }
    }
    this.#delivering = false;
  }

  /** Waits until `piece` may go out. */
  async #until({ due, apart }: Piece): Promise<void> {
    if (apart) await this.#wait(GAP);
    while (!this.#over.signal.aborted) {
      const early = due - performance.now();
      if (this.#options.trouble().stall) await this.#changed.promise;
      else if (early > 0) await this.#wait(early);
      else return;
    }
  }

  /** Waits so many milliseconds, or until the connection is over. */
  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#over;
    await delay(milliseconds, undefined, { signal }).catch(() => {});
  }

  /** Passes on one piece, if it is not to be lost. */
  async #pass(bytes: Uint8Array): Promise<void> {
    const { from, record, trouble, random } = this.#options;
    const { lose } = trouble();
    if (lose > 0 && random.next() * 100 < lose) {
      record({ kind: "lost", from, bytes });
      this.#passed(bytes.length);
      return;
    }
    record({ kind: "piece", from, bytes });
    await this.#write(bytes);
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) =>
      this.#options.sink.write(bytes, () => {
        this.#passed(bytes.length);
        resolve();
      })
    );
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
