/**
 * Searching in bytes.
 *
 * @module
 */

/** What is looked for. */
export interface Query {
  bytes: Uint8Array;
  /** Whether `a` finds `A`. */
  folded: boolean;
}

/** Where it is found. */
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

/** Where `bytes` have it; matches do not overlap. */
export function matchesIn(bytes: Uint8Array, query: Query): Match[] {
  const { bytes: wanted, folded } = query;
  const matches: Match[] = [];
  for (let start = 0; start + wanted.length <= bytes.length;) {
    let length = 0;
    while (length < wanted.length) {
      const there = bytes[start + length] as number;
      if (wanted[length] !== (folded ? fold(there) : there)) break;
      length++;
    }
    const here = length === wanted.length;
    if (here) matches.push({ start, end: start + length });
    start += here ? length : 1;
  }
  return matches;
}

/** A to Z as a to z. */
function fold(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
