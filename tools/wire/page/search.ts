/**
 * Searching in bytes, also in those that came in several chunks.
 *
 * @module
 */
import { type Entry, neighbours } from "./store.ts";

/** What is looked for. */
export interface Query {
  bytes: Uint8Array;
  /** Whether `a` finds `A`. */
  folded: boolean;
}

/** Where it is found. Beyond the bytes if it goes on in a neighbouring chunk. */
export interface Match {
  start: number;
  end: number;
}

/**
 * Reads what was typed: `0x0a`, `0x0d0a`, `0x0d 0a` for bytes, everything else
 * is text. `null` if it is empty.
 */
export function parseQuery(typed: string): Query | null {
  if (typed === "") return null;
  const digits = typed.trim().match(/^0x([0-9a-f\s]+)$/i)?.[1]
    ?.replaceAll(/\s/g, "");
  if (digits !== undefined && digits.length % 2 === 0) {
    const pairs = digits.match(/../g) ?? [];
    const bytes = Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
    return { bytes, folded: false };
  }
  return { bytes: new TextEncoder().encode(typed).map(fold), folded: true };
}

/** Everywhere that `bytes` have it. */
export function matchesIn(bytes: Uint8Array, query: Query): Match[] {
  const { bytes: wanted, folded } = query;
  const matches: Match[] = [];
  for (let start = 0; start + wanted.length <= bytes.length; start++) {
    let length = 0;
    while (length < wanted.length) {
      const there = bytes[start + length] as number;
      if (wanted[length] !== (folded ? fold(there) : there)) break;
      length++;
    }
    if (length === wanted.length) matches.push({ start, end: start + length });
  }
  return matches;
}

/**
 * Where an entry has it, or a part of it: it may have begun in the chunk before,
 * and go on in the next one.
 *
 * @param bytes The bytes of the entry, or the first of them.
 */
export function matchesOf(
  entry: Entry,
  query: Query,
  bytes: Uint8Array = entry.bytes,
): Match[] {
  const reach = query.bytes.length - 1;
  const { before, after } = neighbours(entry, reach);
  const head = before?.length ?? 0;
  const tail = bytes.length < entry.bytes.length
    ? entry.bytes.subarray(bytes.length, bytes.length + reach)
    : after ?? [];
  const joined = new Uint8Array(head + bytes.length + tail.length);
  joined.set(before ?? []);
  joined.set(bytes, head);
  joined.set(tail, head + bytes.length);
  return matchesIn(joined, query)
    .map(({ start, end }) => ({ start: start - head, end: end - head }));
}

/** A to Z as a to z. */
function fold(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
