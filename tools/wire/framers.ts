/**
 * The messages of all connections of a trace.
 *
 * @module
 */
import { type Framed, Framer, type Framing } from "./framing.ts";
import type { Side, TraceEvent } from "./trace.ts";

/** The two streams of one direction: what the proxy reads and what it writes. */
interface Streams {
  read: Framer;
  written: Framer;
}

/** Divides the bytes of every event of a trace into messages. */
export class Framers {
  readonly #framing: Framing;
  readonly #connections = new Map<number, Record<Side, Streams>>();

  /** @param framing How the bytes are divided into messages. */
  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /**
   * Takes the next event.
   *
   * @returns What its bytes are made of. Nothing for an event without bytes, for
   * bytes that were lost, and for a connection whose beginning was not seen.
   */
  push(event: TraceEvent): Framed {
    const { conn, kind } = event;
    if (kind === "connect") this.#begin(conn);
    if (kind === "close" || kind === "reset") this.#connections.delete(conn);
    const sides = this.#connections.get(conn);
    if (sides === undefined || (kind !== "chunk" && kind !== "piece")) {
      return { parts: [], messages: [], left: 0 };
    }
    const { read, written } = sides[event.from];
    if (kind === "piece") return written.push(event.bytes);
    if (!event.held) written.push(event.bytes);
    return read.push(event.bytes);
  }

  #begin(conn: number): void {
    const streams = () => ({
      read: new Framer(this.#framing),
      written: new Framer(this.#framing),
    });
    this.#connections.set(conn, { client: streams(), server: streams() });
  }
}
