/**
 * Random numbers that can be had again: everything that a check sends comes
 * from a seed, which is printed.
 *
 * @module
 */

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * A source of random words, sizes and bytes.
 *
 * The generator is mulberry32: small, and good enough that no answer can be
 * hard-coded. It is not for secrets.
 *
 * @example The same seed, the same words
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "./random.ts";
 *
 * assertEquals(new Random(7).word(), new Random(7).word());
 * ```
 */
export class Random {
  #state: number;

  /**
   * Makes a source.
   *
   * @param seed A whole number.
   * @param name What it is for: two names give different numbers.
   */
  constructor(seed: number, name = "") {
    this.#state = seed >>> 0;
    for (const character of name) {
      this.#state =
        Math.imul(this.#state ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    }
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** A word of lower-case letters, of `length` of them or 4 to 9. */
  word(length: number = this.integer(4, 9)): string {
    return Array.from(
      { length },
      () => LETTERS[this.integer(0, LETTERS.length - 1)],
    ).join("");
  }

  /** Any `length` bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.integer(0, 255));
  }

  /** One of `items`. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** `bytes` cut at random places, into at most `pieces` pieces. */
  cut(bytes: Uint8Array, pieces = 5): Uint8Array[] {
    const places = Array.from(
      { length: pieces - 1 },
      () => this.integer(1, Math.max(1, bytes.length - 1)),
    );
    const edges = [0, ...new Set(places.sort((a, b) => a - b)), bytes.length];
    return edges.slice(1)
      .map((end, index) => bytes.subarray(edges[index], end))
      .filter((piece) => piece.length > 0);
  }
}

/** Text of `length` letters, which are as many bytes. */
export function letters(random: Random, length: number): string {
  // Words again and again, because a letter each would take long.
  const word = `${random.word(61)} `;
  const text = word.repeat(Math.ceil(length / word.length)).slice(0, length);
  // A program that trims its lines is found by the checks that are for it.
  return text.replace(/ $/, "z");
}

/** A seed that nobody has chosen: a whole number of at most nine digits. */
export function randomSeed(): number {
  return Math.trunc(Math.random() * 1e9);
}
