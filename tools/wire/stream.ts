/**
 * What a page is told as it happens: server-sent events (HTML Standard, 9.2).
 *
 * @module
 */
import type { Framing } from "./framing.ts";
import type { Recording } from "./recording.ts";
import { type Row, Rows } from "./row.ts";
import type { State } from "./state.ts";
import type { TraceEvent } from "./trace.ts";

/** How often rows and the state are sent, in milliseconds. */
const ROWS_EVERY = 40;
const STATE_EVERY = 250;

/**
 * How many rows may wait to be sent. More than that, and some are left out: the
 * numbers of the rows show it.
 */
const MOST_WAITING = 20_000;

/** How many rows one message has at most. */
const BATCH = 500;

/** What a stream is made of. */
export interface StreamOptions {
  recording: Recording;
  /** How the bytes are divided into messages. */
  framing: Framing;
  /** Looks at the state of the proxy. */
  state: () => Promise<State>;
}

/** All rows so far, then each new one, and the state, until the page leaves. */
export function streamOf(options: StreamOptions): ReadableStream<Uint8Array> {
  const { recording, framing, state } = options;
  const encoder = new TextEncoder();
  const over = new AbortController();
  const backlog = new Backlog(recording, framing);
  let waiting: Row[] = [];
  let listening: Disposable | null = null;

  /** The next rows, oldest first. */
  function next(): Row[] {
    if (listening === null) {
      const rows = backlog.next(BATCH);
      if (rows.length > 0) return rows;
      listening = recording.listen((event, id) => {
        // Of one that is left out the bytes count all the same.
        const row = backlog.rows.row(event, id);
        if (waiting.length < MOST_WAITING) waiting.push(row);
      });
    }
    const rows = waiting.slice(0, BATCH);
    waiting = waiting.slice(BATCH);
    return rows;
  }

  async function* messages(): AsyncGenerator<Uint8Array> {
    let shown = "";
    let looked = -Infinity;
    while (!over.signal.aborted) {
      if (performance.now() - looked >= STATE_EVERY) {
        const now = JSON.stringify(await state());
        looked = performance.now();
        if (now !== shown) yield message("state", now);
        shown = now;
      }
      const rows = next();
      if (rows.length > 0) yield message("rows", JSON.stringify(rows));
      // However many wait, the proxy goes on in between.
      await pause(rows.length < BATCH ? ROWS_EVERY : 0, over.signal);
    }
  }

  function message(event: string, data: string): Uint8Array {
    return encoder.encode(`event: ${event}\ndata: ${data}\n\n`);
  }

  const source = messages();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      over.abort();
      listening?.[Symbol.dispose]();
    },
  });
}

/** The rows of what was there before: some at a time, and the proxy goes on. */
class Backlog {
  readonly #recording: Recording;
  readonly #framing: Framing;
  #id = 0;
  /** Makes the rows. */
  rows: Rows;

  constructor(recording: Recording, framing: Framing) {
    this.#recording = recording;
    this.#framing = framing;
    this.rows = new Rows(framing);
  }

  /** The next `count` rows at most; none where it has caught up. */
  next(count: number): Row[] {
    const rows: Row[] = [];
    const recording = this.#recording;
    if (this.#id < recording.first) {
      // The oldest went meanwhile: what they had begun is not known any more.
      this.rows = new Rows(this.#framing);
      const { dropped } = recording;
      if (dropped !== null) rows.push(this.rows.row(dropped.event, dropped.id));
      this.#id = recording.first;
    }
    for (; rows.length < count && this.#id <= recording.last; this.#id++) {
      const event = recording.find(this.#id) as TraceEvent;
      rows.push(this.rows.row(event, this.#id));
    }
    return rows;
  }
}

/** Waits so long, or until `signal`. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
