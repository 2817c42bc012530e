/**
 * What was said on the wire while a program was graded, by whom and when.
 *
 * @module
 */
import { ladder, type Rung } from "./ladder.ts";

/** How many bytes of one event are kept: enough to show its beginning. */
const KEPT = 256;

/** How many events are kept from the beginning, and how many from the end. */
const KEPT_EVENTS = 200;

/** How many lines of a conversation are printed. */
const SHOWN_LINES = 24;

/**
 * A record of one conversation. It is bounded: of a long one the beginning and
 * the end are kept.
 */
export class Conversation {
  readonly #start = performance.now();
  readonly #head: Rung[] = [];
  readonly #tail: Rung[] = [];
  #dropped = 0;
  #over = false;

  /** What happens from now on is not part of it. */
  end(): void {
    this.#over = true;
  }

  /** Bytes that the grader has sent as `who`. */
  sent(who: string, bytes: Uint8Array): void {
    this.#add({ at: 0, who, kind: "sent", ...kept(bytes) });
  }

  /** Bytes that came to `who`, in one read. */
  received(who: string, bytes: Uint8Array): void {
    this.#add({ at: 0, who, kind: "received", ...kept(bytes) });
  }

  /** Anything else: `connected`, `reset the connection`. */
  note(who: string, note: string): void {
    this.#add({ at: 0, who, kind: "note", note });
  }

  /** Milliseconds since it began. */
  get now(): number {
    return performance.now() - this.#start;
  }

  /** What is kept of what happened, in its order. */
  get events(): Rung[] {
    return [...this.#head, ...this.#tail];
  }

  #add(event: Rung): void {
    if (this.#over) return;
    event.at = this.now;
    const last = this.#tail.at(-1) ?? this.#head.at(-1);
    if (last !== undefined && continues(last, event)) {
      merge(last, event);
    } else if (this.#head.length < KEPT_EVENTS) {
      this.#head.push(event);
    } else {
      this.#tail.push(event);
      if (this.#tail.length > KEPT_EVENTS) {
        this.#tail.shift();
        this.#dropped++;
      }
    }
  }

  /**
   * The conversation as lines of text, harmless on a terminal.
   *
   * @param limit How many lines at most; what is in the middle is left out.
   */
  lines(limit: number = SHOWN_LINES): string[] {
    return ladder(this.events, limit, this.#dropped);
  }
}

function kept(bytes: Uint8Array): { bytes: Uint8Array; length: number } {
  return { bytes: bytes.slice(0, KEPT), length: bytes.length };
}

/** Whether two events are told as one: pieces of the same size, one after the other. */
function continues(last: Rung, event: Rung): boolean {
  return last.kind === event.kind && last.kind !== "note" &&
    last.who === event.who &&
    last.length === (event.length ?? 0) * (last.times ?? 1);
}

function merge(last: Rung, event: Rung): void {
  const bytes = last.bytes ?? new Uint8Array(0);
  const more = (event.bytes ?? new Uint8Array(0))
    .subarray(0, KEPT - bytes.length);
  last.bytes = new Uint8Array([...bytes, ...more]);
  last.times = (last.times ?? 1) + 1;
  last.length = (last.length ?? 0) + (event.length ?? 0);
}
