/**
 * Numbers, and what happened, in words.
 *
 * @module
 */
import type { Row } from "../row.ts";
import type { Side } from "../trace.ts";
import { visible } from "./characters.ts";

/** A length of time: `3.2 s`, `1 min 5 s`, `2 h 3 min`. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes > 1e6) return "more than a year";
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A time in the record, in seconds. */
export function timeText(milliseconds: number): string {
  // A file may say any number.
  return milliseconds < 1e10 ? (milliseconds / 1000).toFixed(4) : "far away";
}

/** `1 byte`, `12 bytes`. */
export function bytesText(size: number): string {
  return size === 1 ? "1 byte" : `${size} bytes`;
}

/** A size for a small place: `12 B`, `3.4 KiB`. */
export function shortSize(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(1)} KiB`;
  return `${(size / 1024 / 1024).toFixed(1)} MiB`;
}

/** The other end. */
export function otherThan(side: Side): Side {
  return side === "client" ? "server" : "client";
}

/** What an event without bytes says. */
export function eventText(row: Row): string {
  switch (row.kind) {
    case "connect":
      return `connected: ${shown(row.client)} to ${shown(row.server)}`;
    case "refused":
      return `the server could not be reached: ${shown(row.why)}`;
    case "end":
      return row.by === "wire"
        ? `half-close by the wire: the ${
          otherThan(row.from)
        } is told that the ${row.from} sends no more`
        : `end of stream: the ${row.from} sends no more` +
          (row.held ? ", held behind what is on its way" : "");
    case "reset":
      return `reset by the ${row.by}: the connection is broken off`;
    case "close":
      return "closed: both directions have ended in order";
    case "note":
      return shown(row.note);
    case "dropped":
      return `${row.events} older events were let go`;
    case "chunk":
    case "piece":
    case "lost":
      return bytesText(row.size);
  }
}

/** The longest text of a trace that is shown, in characters. */
const LONGEST = 300;

/** A text from outside, made safe to look at. */
function shown(text: string): string {
  const start = visible(text.slice(0, LONGEST));
  return text.length > LONGEST ? `${start}…` : start;
}

/** What the picture of a row says. */
export function pictureText(row: Row): string {
  switch (row.kind) {
    case "chunk":
      return row.held
        ? `${row.from} to wire, held, ${bytesText(row.size)}`
        : `${row.from} to ${otherThan(row.from)}, ${bytesText(row.size)}`;
    case "piece":
      return `piece, wire to ${otherThan(row.from)}, ${bytesText(row.size)}`;
    case "lost":
      return `lost in the wire, from ${row.from}, ${bytesText(row.size)}`;
    case "end":
      return `end, ${row.by} to ${row.held ? "wire" : otherThan(row.from)}`;
    case "reset":
      return `reset by ${row.by}`;
    default:
      return row.kind;
  }
}
