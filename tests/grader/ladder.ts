/**
 * A conversation as lines of text: who said what to whom, and when. The failures
 * of the grader and `deno task wire --text` are told by it.
 *
 * @module
 */
import { printable } from "../../lib/console.ts";
import { show } from "./show.ts";

/** One thing that happened: a line. */
export interface Rung {
  /** Milliseconds since the conversation began. */
  at: number;
  /** Whose line it is: `client 1`, `server`, `program`. */
  who: string;
  /**
   * What: bytes were `sent` by that one, or `received` by it, or something else
   * happened that `note` tells.
   */
  kind: "sent" | "received" | "note";
  /** The bytes, or the beginning of them. */
  bytes?: Uint8Array;
  /** How many bytes there were. */
  length?: number;
  /** How many writes or reads the line stands for, all of the same size. */
  times?: number;
  /** The bytes divided into messages, if they are. */
  messages?: RungMessage[];
  /** What else happened, in words; or what there is to say of the bytes. */
  note?: string;
  /** The arrow, where it is not the usual one. */
  arrow?: string;
}

/** Bytes of one message in a {@linkcode Rung}. */
export interface RungMessage {
  /** The number of the message, from 1. */
  number: number;
  /** Its bytes here, or the beginning of them. */
  bytes: Uint8Array;
  /** How many of its bytes are here. */
  length: number;
  /** Whether it has begun before. */
  continued: boolean;
  /** Whether it goes on. */
  unfinished: boolean;
}

/** So long a time in which nothing happens gets a line, in milliseconds. */
const IDLE = 1000;

/** How many bytes of one message are shown, and how many messages of a line. */
const SHOWN_BYTES = 24;
const SHOWN_MESSAGES = 6;

/** In place of the time, as wide as a time. */
const MARGIN = " ".repeat(9);

/**
 * A rung as a line of text, harmless on a terminal.
 *
 * @param rung What happened.
 * @param width How wide the names of all that take part are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rungLine } from "./ladder.ts";
 *
 * const bytes = new TextEncoder().encode("PING\r\n");
 * assertEquals(
 *   rungLine({ at: 12, who: "client 1", kind: "sent", bytes }, 8),
 *   '  0.012 s  client 1  -> "PING\\r\\n"',
 * );
 * ```
 */
export function rungLine(rung: Rung, width: number): string {
  const seconds = (rung.at / 1000).toFixed(3).padStart(7);
  const margin = `${seconds} s  ${rung.who.padEnd(width)}  `;
  const note = printable(rung.note ?? "");
  if (rung.kind === "note") return margin + note;
  const arrow = rung.arrow ?? (rung.kind === "sent" ? "->" : "<-");
  const { bytes = new Uint8Array(0), length = bytes.length, times = 1 } = rung;
  const view = rung.messages === undefined
    ? show(bytes, undefined, length)
    : messagesView(rung.messages);
  const pieces = times > 1 ? `, ${length / times} at a time` : "";
  return `${margin}${arrow} ${note && `${note}  `}${view}${pieces}`;
}

/** Each message with its number: `1 "one" | 2 "tw" ...`. */
function messagesView(messages: RungMessage[]): string {
  const views = messages.slice(0, SHOWN_MESSAGES).map((message) => {
    const { number, bytes, length, continued, unfinished } = message;
    return (continued ? "... " : "") +
      `${number} ${show(bytes, SHOWN_BYTES, length)}` +
      (unfinished ? " ..." : "");
  });
  const more = messages.length - views.length;
  return views.join(" | ") + (more > 0 ? ` | ${more} more messages` : "");
}

/**
 * The line between two rungs, if nothing happened for a second or more.
 *
 * @param before When the one before was.
 * @param at When the next one is.
 * @returns No line, or one.
 */
export function idleLine(before: number, at: number): string[] {
  return at - before < IDLE
    ? []
    : [`${MARGIN}  ... ${((at - before) / 1000).toFixed(1)} s nothing ...`];
}

/**
 * A whole conversation as lines of text.
 *
 * @param rungs What happened, in its order.
 * @param limit How many lines at most; what is in the middle is left out.
 * @param dropped How many rungs were left out already.
 */
export function ladder(
  rungs: readonly Rung[],
  limit: number = Infinity,
  dropped = 0,
): string[] {
  const width = Math.max(0, ...rungs.map(({ who }) => who.length));
  const lines = rungs.flatMap((rung, index) => [
    ...idleLine(rungs[index - 1]?.at ?? rung.at, rung.at),
    rungLine(rung, width),
  ]);
  if (lines.length + (dropped > 0 ? 1 : 0) <= limit) return lines;
  const left = lines.length + dropped - (limit - 1);
  const head = Math.ceil((limit - 1) / 2);
  return [
    ...lines.slice(0, head),
    `${MARGIN} ... ${left} more ...`,
    ...lines.slice(lines.length - (limit - 1 - head)),
  ];
}
