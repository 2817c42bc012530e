/**
 * Events of a trace as a view shows them: with the messages that their bytes
 * belong to, and no longer than a view needs.
 *
 * @module
 */
import { Framers } from "./framers.ts";
import type { Framing, Part } from "./framing.ts";
import type { Happening, Side, TraceEvent } from "./trace.ts";

/** How many bytes of a chunk a row has, unless all of them are asked for. */
const SHOWN = 256;

/** How many messages of one chunk a row lists. */
const LISTED = 24;

/** A message that is complete with a row. */
export interface RowMessage {
  /** Its number in its direction, from 1. */
  number: number;
  /** How many bytes it has, those that mark its end or its length included. */
  size: number;
  /** Its beginning in base64, at most 256 bytes; without the length in front. */
  base64: string;
}

/** Bytes that were read or written. */
export interface BytesRow {
  kind: "chunk" | "piece" | "lost";
  from: Side;
  /** Whether a chunk was not passed on at once: pieces follow. */
  held: boolean;
  /** How many bytes there are. */
  size: number;
  /** Its beginning in base64. */
  base64: string;
  /** What it is made of, as far as `base64` goes. None without messages. */
  parts: Part[];
  /** The messages that are complete with it, the first 24 of them. */
  messages: RowMessage[];
  /** How many more messages are complete with it. */
  more: number;
  /** How many bytes wait for the rest of their message. */
  left: number;
}

/** One row of a view. */
export type Row =
  & (Exclude<Happening, { bytes: Uint8Array }> | BytesRow)
  & {
    /** Its number in the record, from 1. */
    id: number;
    /** Milliseconds since the proxy began. */
    at: number;
    /** The number of the connection, from 1; 0 if it is about all of them. */
    conn: number;
  };

/** Makes rows of events, in their order. */
export class Rows {
  readonly #framers: Framers;
  readonly #shown: number;

  /**
   * Begins.
   *
   * @param framing How the bytes are divided into messages.
   * @param shown How many bytes of a chunk a row has.
   */
  constructor(framing: Framing, shown = SHOWN) {
    this.#framers = new Framers(framing);
    this.#shown = shown;
  }

  /** The row of the next event. */
  row(event: TraceEvent, id: number): Row {
    const { at, conn, ...happening } = event;
    const framed = this.#framers.push(event);
    if (!("bytes" in happening)) return { id, at, conn, ...happening };
    const { kind, from, bytes } = happening;
    const { length: shown } = bytes.subarray(0, this.#shown);
    return {
      id,
      at,
      conn,
      kind,
      from,
      held: happening.kind === "chunk" && happening.held === true,
      size: bytes.length,
      base64: bytes.subarray(0, shown).toBase64(),
      parts: framed.parts
        .filter(({ start }) => start < shown)
        .map((part) => ({ ...part, end: Math.min(part.end, shown) })),
      messages: framed.messages.slice(0, LISTED).map((
        { number, size, bytes },
      ) => ({ number, size, base64: bytes.toBase64() })),
      more: Math.max(0, framed.messages.length - LISTED),
      left: framed.left,
    };
  }
}
