/**
 * What was said on the wire while a program was graded, by whom and when.
 *
 * @module
 */
import { printable } from "../../lib/console.ts";
import { show } from "./show.ts";

/** One thing that happened. */
export interface Event {
  /** Milliseconds since the conversation began. */
  at: number;
  /** Who: `client 1`, `server`, `program`. */
  who: string;
  /**
   * What: the grader sent bytes or received them, or something else happened
   * that `note` tells.
   */
  kind: "sent" | "received" | "note";
  /** The bytes that were sent or received, at most {@linkcode KEPT} of them. */
  bytes?: Uint8Array;
  /** How many bytes there were. */
  length?: number;
  /** What else happened, in words. */
  note?: string;
}

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
  readonly #head: Event[] = [];
  readonly #tail: Event[] = [];
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
  get events(): Event[] {
    return [...this.#head, ...this.#tail];
  }

  #add(event: Event): void {
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
    const events = this.events;
    const width = Math.max(0, ...events.map(({ who }) => who.length));
    const lines = events.map((event) => line(event, width));
    if (lines.length + (this.#dropped > 0 ? 1 : 0) <= limit) return lines;
    const left = lines.length + this.#dropped - (limit - 1);
    const head = Math.ceil((limit - 1) / 2);
    return [
      ...lines.slice(0, head),
      `${" ".repeat(10)}... ${left} more ...`,
      ...lines.slice(lines.length - (limit - 1 - head)),
    ];
  }
}

interface Counted extends Event {
  /** How many writes or reads the event stands for. */
  times?: number;
}

function kept(bytes: Uint8Array): { bytes: Uint8Array; length: number } {
  return { bytes: bytes.slice(0, KEPT), length: bytes.length };
}

/** Whether two events are told as one: pieces of the same size, one after the other. */
function continues(last: Counted, event: Event): boolean {
  return last.kind === event.kind && last.kind !== "note" &&
    last.who === event.who &&
    last.length === (event.length ?? 0) * (last.times ?? 1);
}

function merge(last: Counted, event: Event): void {
  const bytes = last.bytes ?? new Uint8Array(0);
  const more = (event.bytes ?? new Uint8Array(0))
    .subarray(0, KEPT - bytes.length);
  last.bytes = new Uint8Array([...bytes, ...more]);
  last.times = (last.times ?? 1) + 1;
  last.length = (last.length ?? 0) + (event.length ?? 0);
}

function line(event: Counted, width: number): string {
  const seconds = (event.at / 1000).toFixed(3).padStart(7);
  const who = event.who.padEnd(width);
  if (event.kind === "note") {
    return `${seconds} s  ${who}  ${printable(event.note ?? "")}`;
  }
  const arrow = event.kind === "sent" ? "->" : "<-";
  const { bytes = new Uint8Array(0), length = 0, times = 1 } = event;
  const view = show(bytes, undefined, length);
  const pieces = times > 1 ? `, ${length / times} at a time` : "";
  return `${seconds} s  ${who}  ${arrow} ${view}${pieces}`;
}
