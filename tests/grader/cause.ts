/**
 * Mistakes that show in the bytes themselves.
 *
 * @module
 */
import { firstDifference } from "./show.ts";

const LF = 0x0a;

/**
 * Says what mistake would have made `received` out of `expected`, if there is
 * one that people often make.
 *
 * @param expected What should have come.
 * @param received What came.
 * @returns One sentence, or `undefined`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { causeIn } from "./cause.ts";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * assertEquals(
 *   causeIn(bytes("hello"), bytes("hello\n")),
 *   "A newline was added that nobody sent",
 * );
 * ```
 */
export function causeIn(
  expected: Uint8Array,
  received: Uint8Array,
): string | undefined {
  const at = firstDifference(expected, received);
  if (at === received.length && at > 0) {
    const power = Math.log2(at);
    if (at >= 256 && Number.isInteger(power)) {
      return `It ends after ${at} bytes, as large as a buffer: a message may ` +
        "need more than one read, and more than one write";
    }
    if (expected[at] === LF && at === expected.length - 1) {
      return "The newline at the end is missing";
    }
    return undefined;
  }
  if (at === expected.length) {
    if (received[at] === LF && received.length === at + 1) {
      return "A newline was added that nobody sent";
    }
    if (received.subarray(at).every((byte) => byte === 0)) {
      return "Zero bytes follow: the whole buffer was sent, not only the part " +
        "that was read";
    }
    return undefined;
  }
  if (
    received[at] === 0xef && received[at + 1] === 0xbf &&
    received[at + 2] === 0xbd
  ) {
    return "A replacement character (U+FFFD): bytes were decoded as text " +
      "before the whole character was there, or that are no text";
  }
  if (received[at] === LF && expected[at] !== LF) {
    return "A newline stands where none was sent";
  }
  return undefined;
}
