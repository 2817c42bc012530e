/**
 * What is on its way to one side: bytes, and what becomes of the stream behind
 * them. One thing after the other, each at its time.
 *
 * @module
 */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../tests/grader/random.ts";
import type { Happening, Side } from "./trace.ts";
import type { Trouble } from "./trouble.ts";

/** Between two pieces of what was cut, so that they can be read apart, in ms. */
const GAP = 2;

/** What a {@linkcode Delivery} is made of. */
export interface DeliveryOptions {
  /** The side that sends. */
  from: Side;
  /** The connection to the other one. */
  sink: Socket;
  /** What is done to the bytes now. */
  trouble: () => Trouble;
  /** Where everything random comes from. */
  random: Random;
  /** Is told what happens. */
  record: (happening: Happening) => void;
  /** Is called when so many bytes are on their way no more. */
  onPassed: (count: number) => void;
  /** Is called when all was passed on, the end of the stream included. */
  onDone: () => void;
  /** Is called when the connection is to be reset. */
  onReset: () => void;
}

/** Something to do. */
export type Step =
  | {
    does: "pass";
    bytes: Uint8Array;
    /** When it may be done at the earliest. */
    due: number;
    /** Whether it follows the one before after a moment only. */
    apart: boolean;
  }
  | { does: "lose"; bytes: Uint8Array }
  /** `told`: what was recorded when it came says that it goes on. */
  | { does: "end"; told: boolean }
  | { does: "reset" };

/** Does one step after the other. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #steps: Step[] = [];
  #running = false;
  #changed = Promise.withResolvers<void>();
  readonly #over = new AbortController();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Whether something is on its way. */
  get running(): boolean {
    return this.#running;
  }

  /** Does this behind what is on its way. */
  push(step: Step): void {
    this.#steps.push(step);
    if (!this.#running) this.#run();
  }

  /** Looks again at what is to be done to the bytes. */
  change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Nothing is done any more: the connection is over. */
  stop(): void {
    this.#over.abort();
    this.#changed.resolve();
  }

  /** Waits until the system has what was written, but not for long. */
  async written(limit: number): Promise<void> {
    const { sink } = this.#options;
    if (sink.writableLength === 0) return;
    const written = new Promise<void>((resolve) =>
      sink.write("", () => resolve())
    );
    const over = new AbortController();
    const late = delay(limit, undefined, { signal: over.signal });
    await Promise.race([written, late.catch(() => {})]);
    over.abort();
  }

  /** Writes bytes now: nothing is on its way. */
  write(bytes: Uint8Array): Promise<void> {
    const { sink, onPassed } = this.#options;
    return new Promise((resolve) =>
      sink.write(bytes, () => {
        onPassed(bytes.length);
        resolve();
      })
    );
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let step; (step = this.#steps[0]) !== undefined;) {
      await this.#until(step);
      if (this.#over.signal.aborted) break;
      this.#steps.shift();
      await this.#do(step);
    }
    this.#running = false;
  }

  async #do(step: Step): Promise<void> {
    const { from, sink, record, onDone, onReset } = this.#options;
    switch (step.does) {
      case "pass":
        return await this.#pass(step.bytes);
      case "lose":
        return this.#lose(step.bytes);
      case "end":
        if (!step.told) record({ kind: "end", from, by: "wire" });
        sink.end(onDone);
        return;
      case "reset":
        return onReset();
    }
  }

  /** Waits until a step may be done. */
  async #until(step: Step): Promise<void> {
    const { due, apart } = step.does === "pass"
      ? step
      : { due: 0, apart: false };
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
    if (lose > 0 && random.next() * 100 < lose) return this.#lose(bytes);
    record({ kind: "piece", from, bytes });
    await this.write(bytes);
  }

  #lose(bytes: Uint8Array): void {
    const { from, record, onPassed } = this.#options;
    record({ kind: "lost", from, bytes });
    onPassed(bytes.length);
  }
}
