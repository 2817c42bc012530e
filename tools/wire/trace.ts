/**
 * A trace: what a proxy has read and written, event by event.
 *
 * @module
 */
import type { Framing } from "./framing.ts";

/** An end of a connection through the proxy. */
export type Side = "client" | "server";

/** What happened. */
export type Happening =
  /** The proxy has accepted a client and reached the server for it. */
  | { kind: "connect"; client: string; server: string }
  /** The server could not be reached. The client was reset. */
  | { kind: "refused"; why: string }
  /**
   * What one read has brought. It was passed on at once, by one write; unless it
   * was `held`: then pieces follow, at some time.
   */
  | { kind: "chunk"; from: Side; bytes: Uint8Array; held?: true }
  /** What was written to the other side, of chunks that were held. */
  | { kind: "piece"; from: Side; bytes: Uint8Array }
  /** What was read and is not passed on. */
  | { kind: "lost"; from: Side; bytes: Uint8Array }
  /**
   * This side will send no more, which the other one was told at once; unless it
   * was `held`. What the proxy tells later, or without having been told, is `by`
   * the wire.
   */
  | { kind: "end"; from: Side; by: Side | "wire"; held?: true }
  /** The connection was broken off; the other side is told so. */
  | { kind: "reset"; by: Side | "wire" }
  /** Both directions have ended in order. */
  | { kind: "close" }
  /** Something else, in words. */
  | { kind: "note"; note: string }
  /** So many older events of the trace were let go. */
  | { kind: "dropped"; events: number };

/** One event of a trace. */
export type TraceEvent = Happening & {
  /** Milliseconds since the proxy began, to the microsecond. */
  at: number;
  /** The number of the connection, from 1; 0 if it is about all of them. */
  conn: number;
};

/** What stands above the events. */
export interface TraceHead {
  /** The server's address, as it was given. */
  to: string;
  /** How the bytes are divided into messages. */
  framing: Framing;
}

/** A whole trace. */
export interface Trace extends TraceHead {
  /** What happened, in its order. */
  events: TraceEvent[];
}

/** A file is not a trace. */
export class TraceError extends Error {
  /** @param message Where and why. */
  constructor(message: string) {
    super(message);
    this.name = "TraceError";
  }
}
