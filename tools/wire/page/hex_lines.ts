/**
 * Bytes as lines of sixteen, and which message each one belongs to.
 *
 * @module
 */
import type { Part } from "../framing.ts";
import type { BytesRow } from "../row.ts";

/** How many bytes a line has. */
export const WIDTH = 16;

/** A line of sixteen bytes, or the last one of fewer. */
export interface HexLine {
  /** The offset of its first byte, in hex. */
  offset: string;
  bytes: Uint8Array;
  /** The message of each byte, 0 where there is none or it is not known. */
  messages: number[];
}

/** The lines of `bytes` from one offset to another. */
export function hexLines(
  bytes: Uint8Array,
  parts: Pick<Part, "message" | "start" | "end">[],
  from: number,
  to: number,
): HexLine[] {
  const lines: HexLine[] = [];
  let part = 0;
  for (let start = from; start < Math.min(to, bytes.length); start += WIDTH) {
    const line = bytes.subarray(start, start + WIDTH);
    const messages = Array.from(line, (_, index) => {
      while (start + index >= (parts[part]?.end ?? Infinity)) part++;
      const { start: begin = Infinity, message = 0 } = parts[part] ?? {};
      return begin <= start + index ? message : 0;
    });
    const offset = start.toString(16).padStart(6, "0");
    lines.push({ offset, bytes: line, messages });
  }
  return lines;
}

/**
 * The parts of all bytes of a row, where the row has those of the first bytes
 * only: the sizes of its messages tell the rest, as far as they are listed.
 */
export function wholeParts(
  { parts, messages, more, left, size }: BytesRow,
): Pick<Part, "message" | "start" | "end">[] {
  const [part] = parts;
  // Where a long first message ends cannot be told if others are not listed.
  if (part === undefined || more > 0 && parts.length === 1) return parts;
  const whole = [];
  let start = 0;
  const rest = messages.slice(1).reduce((sum, { size }) => sum + size, 0);
  for (const message of messages) {
    // Some bytes of the first one came in earlier chunks.
    const end = start > 0
      ? start + message.size
      : more > 0
      ? part.end
      : size - left - rest;
    whole.push({ message: message.number, start, end });
    start = end;
  }
  if (start < size && more === 0) {
    const last = messages.at(-1)?.number ?? part.message - 1;
    whole.push({ message: last + 1, start, end: size });
  }
  return whole;
}

/** Which messages a line has, in words: `1 ×6, 2 ×10`. */
export function messagesText(messages: number[]): string {
  const counts = new Map<number, number>();
  for (const message of messages) {
    if (message !== 0) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  return [...counts].map(([message, count]) => `${message} ×${count}`)
    .join(", ");
}
