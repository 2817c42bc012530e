/**
 * What has happened so far: as much of it as there is room for.
 *
 * @module
 */
import {
  type Happening,
  type Trace,
  type TraceEvent,
  type TraceHead,
} from "./trace.ts";
import { formatEvent, formatHead } from "./trace_file.ts";

/** How many bytes are kept, and how many events. The oldest go first. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_EVENTS = 100_000;

/** An event with its number in the recording, from 1. */
export interface Numbered {
  id: number;
  event: TraceEvent;
}

/** Is told of each event as it happens. */
export type Listener = (event: TraceEvent, id: number) => void;

/** A trace that grows. It is bounded: the oldest events are let go. */
export class Recording {
  /** What stands above the events. */
  readonly head: TraceHead;
  readonly #start = performance.now();
  readonly #listeners = new Set<Listener>();
  /** The events; before the first one that is kept there is nothing. */
  #events: (TraceEvent | undefined)[] = [];
  #first = 0;
  /** How many were let go in all. */
  #dropped = 0;
  #bytes = 0;

  /** @param head What stands above the events. */
  constructor(head: TraceHead) {
    this.head = head;
  }

  /** The recording of an earlier time. */
  static of({ events, ...head }: Trace): Recording {
    const recording = new Recording(head);
    for (const event of events) recording.#add(event);
    return recording;
  }

  /** Adds what has happened just now. */
  add(conn: number, happening: Happening): void {
    // To the microsecond here, and nowhere else: the views and the file agree.
    const at = Math.round((performance.now() - this.#start) * 1000) / 1000;
    this.#add({ at, conn, ...happening });
  }

  #add(event: TraceEvent): void {
    this.#events.push(event);
    this.#bytes += sizeOf(event);
    while (this.#bytes > MAX_BYTES || this.#kept > MAX_EVENTS) this.#drop();
    for (const listener of this.#listeners) listener(event, this.last);
  }

  get #kept(): number {
    return this.#events.length - this.#first;
  }

  #drop(): void {
    this.#bytes -= sizeOf(this.#events[this.#first] as TraceEvent);
    this.#events[this.#first] = undefined; // Its bytes are free now.
    this.#first++;
    this.#dropped++;
    // Not for each one: moving the rest costs as much as there is of it.
    if (2 * this.#first > this.#events.length) {
      this.#events = this.#events.slice(this.#first);
      this.#first = 0;
    }
  }

  /** The number of the oldest event that is kept, and that of the newest. */
  get first(): number {
    return this.#dropped + 1;
  }
  get last(): number {
    return this.#dropped + this.#kept;
  }

  /** Says how many events were let go, if there are any. */
  get dropped(): Numbered | null {
    const events = this.#dropped;
    if (events === 0) return null;
    const at = this.#events[this.#first]?.at ?? 0;
    return { id: events, event: { at, conn: 0, kind: "dropped", events } };
  }

  /** All that is kept, in its order; first how many are not, if there are any. */
  *all(): Generator<Numbered> {
    const { dropped, first } = this;
    if (dropped !== null) yield dropped;
    const events = this.#events.slice(this.#first) as TraceEvent[];
    for (const [index, event] of events.entries()) {
      yield { id: first + index, event };
    }
  }

  /** The event of this number, if it is kept. */
  find(id: number): TraceEvent | undefined {
    const index = id - this.#dropped - 1;
    return index < 0 ? undefined : this.#events[this.#first + index];
  }

  /** Tells `listener` of each event from now on, until it is let go of. */
  listen(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
      },
    };
  }

  /** The text of a trace file, line by line. */
  *lines(): Generator<string> {
    yield `${formatHead(this.head)}\n`;
    for (const { event } of this.all()) yield `${formatEvent(event)}\n`;
  }
}

function sizeOf(event: TraceEvent): number {
  return "bytes" in event ? event.bytes.length : 0;
}
