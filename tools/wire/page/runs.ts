/**
 * Bytes in runs that look the same: one message, one mark, found or not.
 *
 * @module
 */
import type { Part } from "../framing.ts";
import { type Character, type Mark, single } from "./characters.ts";
import type { Match } from "./search.ts";

/** Characters that follow each other and look the same. */
export interface Run {
  text: string;
  mark: Mark;
  /** Its message, 0 for none. */
  message: number;
  /** Whether the part of the message begins with it. */
  begins: boolean;
  /** Whether the message does so too, or has begun in an earlier chunk. */
  first: boolean;
  /** Whether it was searched for. */
  found: boolean;
}

/** The runs of `shown`, which are the characters of `bytes`. */
export function runs(
  bytes: Uint8Array,
  shown: Character[],
  parts: Part[],
  matches: Match[] = [],
): Run[] {
  const all: Run[] = [];
  let part = 0;
  for (const character of divided(bytes, shown, parts)) {
    const { start, text, mark } = character;
    while (start >= (parts[part]?.end ?? Infinity)) part++;
    const { message = 0, first = false, start: begin } = parts[part] ?? {};
    const begins = start === begin;
    const found = matches.some((match) =>
      match.start < character.end && start < match.end
    );
    const last = all.at(-1);
    if (
      last !== undefined && !begins && last.message === message &&
      last.mark === mark && last.found === found &&
      // Bytes in hex stay apart, to be counted.
      (mark === "text" || mark === "control")
    ) {
      last.text += text;
    } else all.push({ text, mark, message, begins, first, found });
  }
  return all;
}

/** A character over two messages is none: its bytes belong to different ones. */
function* divided(
  bytes: Uint8Array,
  shown: Character[],
  parts: Part[],
): Generator<Character> {
  const ends = new Set(parts.map(({ end }) => end));
  for (const character of shown) {
    const { start, end } = character;
    const inside = Array.from(
      { length: end - start - 1 },
      (_, n) => start + n + 1,
    );
    if (!inside.some((at) => ends.has(at))) yield character;
    else for (const at of [start, ...inside]) yield single(bytes, at, "broken");
  }
}
