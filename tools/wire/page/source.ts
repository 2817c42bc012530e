/**
 * Where rows come from: the wire, live, or a file.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Framing } from "../framing.ts";
import type { Row } from "../row.ts";
import type { State } from "../state.ts";
import type { TraceHead } from "../trace.ts";

/** What the page is told. */
export interface SourceOptions {
  /** Everything comes again from the beginning. */
  onStart: () => void;
  onRows: (rows: Row[]) => void;
  onState: (state: State) => void;
  /** The wire does not answer any more. */
  onStop: () => void;
}

/** Until a browser that has given up is made to try again, in milliseconds. */
const AGAIN_AFTER = 2000;

/** The wire, live. */
export class LiveSource {
  readonly #options: SourceOptions;
  #stream: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** Begins, or begins again. `null` leaves the framing to the wire. */
  start(framing: Framing | null): void {
    this.stop();
    const { onStart, onRows, onState, onStop } = this.#options;
    const query = framing === null ? "" : `?framing=${framing}`;
    const stream = new EventSource(`/events${query}`);
    this.#stream = stream;
    stream.addEventListener("open", onStart);
    stream.addEventListener("rows", ({ data }) => onRows(JSON.parse(data)));
    stream.addEventListener("state", ({ data }) => onState(JSON.parse(data)));
    stream.addEventListener("error", () => {
      onStop();
      // Most browsers try again by themselves, but not after every failure.
      if (stream.readyState === EventSource.CLOSED) {
        this.#timer = setTimeout(() => this.start(framing), AGAIN_AFTER);
      }
    });
  }

  /** Ends. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stream?.close();
    this.#stream = null;
  }
}

/** A trace from a file. */
export interface LoadedTrace {
  head: TraceHead;
  rows: Row[];
}

/**
 * Has the text of a trace file divided into rows.
 *
 * @throws {Error} If it is none, with a line that says why.
 */
export async function loadTrace(
  text: string,
  framing: Framing | null,
): Promise<LoadedTrace> {
  const query = framing === null ? "" : `?framing=${framing}`;
  const answer = await post(`/load${query}`, text);
  return await answer.json();
}

/**
 * Has the wire do something.
 *
 * @throws {Error} If it does not, with a line that says why.
 */
export async function post(path: string, body = ""): Promise<Response> {
  return await answered(path, { method: "POST", body });
}

/** All bytes of a row. */
export async function fetchBytes(id: number): Promise<Uint8Array> {
  return await (await answered(`/chunk/${id}`)).bytes();
}

async function answered(path: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new Error("The wire does not answer: has it been stopped?");
  }
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 300));
  return answer;
}
