/**
 * A trace in the terminal, as the grader tells its conversations.
 *
 * @module
 */
import { idleLine, type Rung, rungLine } from "../../tests/grader/ladder.ts";
import { Framers } from "./framers.ts";
import type { Framing } from "./framing.ts";
import type { Side, TraceEvent } from "./trace.ts";
import { bytesText } from "./trouble.ts";

/** How wide the names are, so that the lines are aligned as they come. */
const WIDTH = "client 10".length;

/** Says what happens, event by event. */
export class TextLadder {
  readonly #framing: Framing;
  readonly #framers: Framers;
  #last: number | null = null;

  /** @param framing How the bytes are divided into messages. */
  constructor(framing: Framing) {
    this.#framing = framing;
    this.#framers = new Framers(framing);
  }

  /** The lines of the next event: one, after the idle time if there was any. */
  lines(event: TraceEvent): string[] {
    const idle = idleLine(this.#last ?? event.at, event.at);
    this.#last = event.at;
    return [...idle, rungLine(this.#rung(event), WIDTH)];
  }

  #rung(event: TraceEvent): Rung {
    const { at, conn } = event;
    const who = conn === 0 ? "wire" : `client ${conn}`;
    const { parts } = this.#framers.push(event);
    if (!("bytes" in event)) {
      return { at, who, kind: "note", note: words(event) };
    }
    const { bytes } = event;
    return {
      at,
      who,
      kind: event.from === "client" ? "sent" : "received",
      arrow: arrowOf(event),
      bytes,
      note: bytesText(bytes.length),
      ...this.#framing === "none" || parts.length === 0 ? {} : {
        messages: parts.map(({ message, start, end, first, last }) => ({
          number: message,
          bytes: bytes.subarray(start, end),
          length: end - start,
          continued: !first,
          unfinished: !last,
        })),
      },
    };
  }
}

/** Through the wire at once, into it, out of it, or lost in it. */
function arrowOf(event: TraceEvent & { from: Side }): string {
  const toServer = event.from === "client";
  switch (event.kind) {
    case "piece":
      return toServer ? "|->" : "<-|";
    case "lost":
      return toServer ? "->x" : "x<-";
    default:
      if (event.kind === "chunk" && event.held) return toServer ? "->|" : "|<-";
      return toServer ? "-->" : "<--";
  }
}

/** What happened, where it is not bytes. */
function words(event: TraceEvent): string {
  switch (event.kind) {
    case "connect":
      return `connects from ${event.client}, and the wire to ${event.server}`;
    case "refused":
      return `is reset: the wire does not reach ${event.why}`;
    case "end":
      return event.by === "wire"
        ? `the wire says that the ${event.from} will send no more`
        : `the ${event.from} will send no more` +
          (event.held ? ", held behind what is on its way" : "");
    case "reset":
      return event.by === "wire"
        ? "the wire resets the connection"
        : `the ${event.by} has reset the connection`;
    case "close":
      return "both have ended: closed";
    case "note":
      return event.note;
    case "dropped":
      return `${event.events} older events are not kept`;
    default:
      return "";
  }
}
