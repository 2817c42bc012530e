/**
 * What a page is told as it happens: server-sent events (HTML Standard, 9.2).
 *
 * @module
 */
import type { Framing } from "./framing.ts";
import type { Recording } from "./recording.ts";
import { type Row, Rows } from "./row.ts";
import type { State } from "./state.ts";

/** How often rows and the state are sent, in milliseconds. */
const ROWS_EVERY = 40;
const STATE_EVERY = 250;

/** How many rows may wait to be sent. More than that, and some are left out. */
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
  const rows = new Rows(framing);
  let waiting: Row[] = [];
  let skipped = 0;
  for (const { event, id } of recording.all()) {
    waiting.push(rows.row(event, id));
  }
  const listening = recording.listen((event, id) => {
    // Of those that are left out the bytes count all the same: for the framing.
    const row = rows.row(event, id);
    if (waiting.length < MOST_WAITING) waiting.push(row);
    else skipped++;
  });
  const over = new AbortController();

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
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      if (batch.length > 0) yield message("rows", JSON.stringify(batch));
      if (waiting.length > 0) continue;
      if (skipped > 0) yield message("skipped", String(skipped));
      skipped = 0;
      await pause(ROWS_EVERY, over.signal);
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
      listening[Symbol.dispose]();
    },
  });
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
