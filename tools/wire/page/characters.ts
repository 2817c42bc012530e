/**
 * Bytes as characters, as far as they are some.
 *
 * @module
 */

/**
 * What a character is: one to be seen; one that is not, shown as an escape; a
 * byte of a character that goes on in a neighbouring chunk; a byte that is no
 * UTF-8. The last two are shown in hex.
 */
export type Mark = "text" | "control" | "split" | "broken";

/** A character, or a byte that is none. */
export interface Character {
  /** Where it begins in the bytes. */
  start: number;
  /** Where it ends in the bytes. */
  end: number;
  /** How it is shown. */
  text: string;
  mark: Mark;
}

/** What stands next to the bytes of a chunk; `null` if that is not known. */
export interface Neighbours {
  /** The last bytes before: three of them are enough. */
  before: Uint8Array | null;
  /** The first bytes after: three of them are enough. */
  after: Uint8Array | null;
}

/** The longest character has four bytes, so three may be elsewhere. */
export const REACH = 3;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The characters of `bytes`, each byte in exactly one of them. */
export function characters(
  bytes: Uint8Array,
  { before, after }: Neighbours,
): Character[] {
  const head = before ?? new Uint8Array();
  const end = head.length + bytes.length;
  const joined = new Uint8Array(end + (after?.length ?? 0));
  joined.set(head);
  joined.set(bytes, head.length);
  if (after !== null) joined.set(after, end);
  const found: Character[] = [];
  // With nothing known before it, the chunk may begin inside a character.
  let inside = before === null;
  for (let at = 0; at < end;) {
    const { length, whole } = sequence(joined, at);
    // A beginning without an end: what comes next may be the rest of it.
    const open = !whole && length > 0 && at + length === joined.length &&
      after === null;
    const stop = at + Math.max(1, length);
    const start = at - head.length;
    inside &&= length === 0 && start < REACH && isRest(joined[at]);
    if (whole && at >= head.length && stop <= end) {
      found.push(character(bytes, start, stop - head.length));
    } else {
      const mark = whole || open || inside ? "split" : "broken";
      for (let byte = at; byte < Math.min(stop, end); byte++) {
        if (byte < head.length) continue;
        found.push(single(bytes, byte - head.length, mark));
      }
    }
    at = stop;
  }
  return found;
}

/** A byte that is shown in hex. */
export function single(
  bytes: Uint8Array,
  start: number,
  mark: Mark,
): Character {
  return { start, end: start + 1, text: hex(bytes[start] as number), mark };
}

/** A byte as two digits. */
export function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}

function character(bytes: Uint8Array, start: number, end: number): Character {
  const text = decoder.decode(bytes.subarray(start, end));
  const shown = visible(text);
  return { start, end, text: shown, mark: shown === text ? "text" : "control" };
}

/** What is not seen, or would move what is next to it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/** A text in which everything can be seen, controls as escapes. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => {
    const code = unseen.codePointAt(0) as number;
    if (code === 0x0a) return "\\n";
    if (code === 0x0d) return "\\r";
    if (code === 0x09) return "\\t";
    return code < 0x100
      ? `\\x${hex(code)}`
      : `\\u{${code.toString(16).toUpperCase()}}`;
  });
}

/**
 * The character at `at`: its length, whether all of it is there; a length of 0
 * if no character begins so.
 */
function sequence(
  bytes: Uint8Array,
  at: number,
): { length: number; whole: boolean } {
  const lead = bytes[at] as number;
  if (lead < 0x80) return { length: 1, whole: true };
  if (lead < 0xc2 || lead > 0xf4) return { length: 0, whole: false };
  const due = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let length = 1;
  while (length < due && isRest(bytes[at + length])) {
    if (length === 1 && !mayFollow(lead, bytes[at + 1] as number)) break;
    length++;
  }
  return { length, whole: length === due };
}

/** Whether a byte is one of a character's bytes after its first. */
function isRest(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}

/** No longer form than needed, no surrogates, nothing above U+10FFFF. */
function mayFollow(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second <= 0x8f;
  return true;
}
