/**
 * Trouble on purpose: what a proxy does to the bytes of one direction.
 *
 * @module
 */
import type { Side } from "./trace.ts";

/** What is done to what one side sends. All of it off, nothing is done. */
export interface Trouble {
  /** Cut into pieces of 1 to so many bytes; 0 for not at all. */
  cut: number;
  /** Collect for so many milliseconds, and pass on as one. */
  merge: number;
  /** Pass on so many milliseconds later. */
  delay: number;
  /** Lose so many of a hundred pieces. TCP would never. */
  lose: number;
  /** Half-close after so many bytes, and lose the rest; 0 for never. */
  endAfter: number;
  /** Reset the connection after so many bytes; 0 for never. */
  resetAfter: number;
  /** Read, and pass nothing on. */
  stall: boolean;
}

/** What is done to both directions, by the side that sends. */
export type Troubles = Record<Side, Trouble>;

/** The largest value of each setting. */
export const MOST = {
  cut: 65_536,
  merge: 60_000,
  delay: 60_000,
  lose: 100,
  endAfter: 1e9,
  resetAfter: 1e9,
} as const;

/** No trouble. */
export const NONE: Trouble = {
  cut: 0,
  merge: 0,
  delay: 0,
  lose: 0,
  endAfter: 0,
  resetAfter: 0,
  stall: false,
};

/** Whether nothing is done to the bytes. */
export function isNone(trouble: Trouble): boolean {
  return Object.values(trouble).every((value) => !value);
}

/** Whether bytes go on as they come, up to where they end. */
export function isAtOnce({ cut, merge, delay, lose, stall }: Trouble): boolean {
  return cut === 0 && merge === 0 && delay === 0 && lose === 0 && !stall;
}

/** The settings that `value` says, `null` if it says none that there are. */
export function parseTroubles(value: unknown): Troubles | null {
  const { client, server } = (value ?? {}) as Record<string, unknown>;
  const both = [parse(client), parse(server)] as const;
  return both[0] === null || both[1] === null
    ? null
    : { client: both[0], server: both[1] };
}

function parse(value: unknown): Trouble | null {
  const given = (value ?? {}) as Record<string, unknown>;
  const trouble = { ...NONE };
  for (const name of Object.keys(MOST) as (keyof typeof MOST)[]) {
    const number = given[name] ?? 0;
    if (!Number.isSafeInteger(number)) return null;
    if (number as number < 0 || number as number > MOST[name]) return null;
    trouble[name] = number as number;
  }
  if (typeof given.stall !== "boolean") return null;
  trouble.stall = given.stall;
  return trouble;
}

/** The settings in words: `cut into 1 to 3 bytes, 200 ms later`. */
export function troubleText(trouble: Trouble): string {
  const { cut, merge, delay, lose, endAfter, resetAfter, stall } = trouble;
  const words = [
    stall && "stalled",
    merge > 0 && `merged for ${merge} ms`,
    cut > 0 &&
    (cut === 1 ? "cut into single bytes" : `cut into 1 to ${cut} bytes`),
    delay > 0 && `${delay} ms later`,
    lose > 0 && `${lose} of 100 pieces lost`,
    endAfter > 0 && `half-closed after ${bytesText(endAfter)}`,
    resetAfter > 0 && `reset after ${bytesText(resetAfter)}`,
  ].filter((word) => word !== false);
  return words.length === 0 ? "as it comes" : words.join(", ");
}

/** `1 byte`, `12 bytes`. */
export function bytesText(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}
