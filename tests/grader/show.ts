/**
 * Bytes as a person can read them: text where it is text, hex where it is not,
 * and a caret under the first byte that is wrong.
 *
 * @module
 */
import { printable } from "../../lib/console.ts";

/** How many bytes of a long text are shown. */
const SHOWN = 48;

/** How many bytes are shown in hex, where each takes three places. */
const SHOWN_HEX = 16;

/** Whether the bytes are text: UTF-8 with no control characters but CR, LF, tab. */
export function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // deno-lint-ignore no-control-regex
    return !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(text);
  } catch {
    return false;
  }
}

/**
 * A short form of the bytes, on one line and harmless on a terminal: `"PING\r\n"`,
 * `00 01 ff`, or the beginning of it and how much there is.
 *
 * @param bytes Any bytes.
 * @param shown How many of them to show at most.
 * @param length How many there are, if these are only the beginning.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { show } from "./show.ts";
 *
 * assertEquals(show(new TextEncoder().encode("PING\r\n")), '"PING\\r\\n"');
 * assertEquals(show(new Uint8Array([0, 255])), "00 ff (hex)");
 * assertEquals(show(new TextEncoder().encode("x".repeat(100)), 3), '"xxx" ... (100 bytes)');
 * ```
 */
export function show(
  bytes: Uint8Array,
  shown: number = SHOWN,
  length: number = bytes.length,
): string {
  if (bytes.length === 0) return "nothing";
  let head = wholeCharacters(bytes, shown);
  const text = isText(head);
  if (!text) head = bytes.subarray(0, Math.min(shown, SHOWN_HEX));
  const view = text ? quote(head) : `${hex(head)} (hex)`;
  return length > head.length ? `${view} ... (${length} bytes)` : view;
}

function quote(bytes: Uint8Array): string {
  const text = printable(new TextDecoder().decode(bytes));
  return `"${text.replaceAll("\t", "\\t")}"`;
}

/** The bytes in hex: `48 69`. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join(" ");
}

/** At most `length` bytes, and no half of a character at the end of text. */
function wholeCharacters(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length <= length) return bytes;
  for (let end = length; end > length - 4 && end > 0; end--) {
    if (isText(bytes.subarray(0, end))) return bytes.subarray(0, end);
  }
  return bytes.subarray(0, length);
}

/** The place of the first byte that differs; the shorter one's end counts. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a[index] === b[index]) index++;
  return index;
}

/**
 * What was expected and what came, one under the other, with a caret under the
 * first byte that is wrong; in hex as well where either is no text.
 *
 * @param expected What should have come.
 * @param received What came.
 * @returns Lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compare } from "./show.ts";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * assertEquals(compare(bytes("ACK: hi\n"), bytes("ACK hi\n")), [
 *   'expected  "ACK: hi\\n"',
 *   'received  "ACK hi\\n"',
 *   "              ^ byte 3 is 20, expected 3a",
 * ]);
 * ```
 */
export function compare(expected: Uint8Array, received: Uint8Array): string[] {
  const at = firstDifference(expected, received);
  // A window: what is before the difference is the same in both.
  let from = windowStart(expected, at, SHOWN);
  let due = wholeCharacters(expected.subarray(from), SHOWN);
  let came = wholeCharacters(received.subarray(from), SHOWN);
  const text = isText(due) && isText(came) &&
    isText(came.subarray(0, at - from));
  if (!text) {
    from = windowStart(expected, at, SHOWN_HEX);
    due = expected.subarray(from, from + SHOWN_HEX);
    came = received.subarray(from, from + SHOWN_HEX);
  }
  const view = (bytes: Uint8Array) => text ? quote(bytes) : hex(bytes);
  const skipped = from > 0 ? `... ${from} bytes alike, then ` : "";
  const rest = (all: Uint8Array) =>
    all.length > from + (text ? SHOWN : SHOWN_HEX)
      ? ` ... (${all.length} bytes)`
      : "";
  const before = received.subarray(from, at);
  const column = text ? quote(before).length - 1 : before.length * 3;
  const lines = [
    `expected  ${skipped}${view(due) || "nothing"}${rest(expected)}`,
    `received  ${skipped}${view(came) || "nothing"}${rest(received)}`,
    `          ${" ".repeat(skipped.length + column)}^ ${
      difference(expected, received, at)
    }`,
  ];
  return lines;
}

function windowStart(bytes: Uint8Array, at: number, shown: number): number {
  if (at <= shown / 2) return 0;
  let from = at - shown / 4;
  // Not in the middle of a character.
  while (from > 0 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from--;
  return from;
}

/** What is wrong at place `at`, in words. */
function difference(
  expected: Uint8Array,
  received: Uint8Array,
  at: number,
): string {
  const due = expected[at];
  const came = received[at];
  if (came === undefined) {
    return `here it ends: ${received.length} of ${expected.length} bytes`;
  }
  if (due === undefined) {
    return `here it should end: ${received.length - expected.length} more came`;
  }
  const byte = (value: number) => value.toString(16).padStart(2, "0");
  return `byte ${at} is ${byte(came)}, expected ${byte(due)}`;
}
