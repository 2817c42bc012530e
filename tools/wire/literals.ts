/**
 * Bytes as they stand in source code: text where a person can read it, hex
 * where not. Nothing in them is more than a literal, whatever they are.
 *
 * @module
 */
import { columnsOf } from "../../lib/graphemes.ts";
import { Framer, type Framing } from "./framing.ts";

/** How wide a literal may be on a line of its own. */
const WIDTH = 72;

/** How many bytes of hex stand on a line. */
const HEX = 16;

/** Text that is shorter than this is taken for bytes among bytes. */
const SHORT_TEXT = 4;

/** The length in front of a frame, in bytes. */
const HEADER = 4;

/** What can be seen for what it is. */
const SEEN = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;

/** What is seen with the letter before it. */
const MARK = /^\p{M}$/u;

/** What looks like nothing at all, or stands for what could not be read. */
const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\ufffd]$/u;

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A string literal of `text`, harmless and visible whatever it is. */
export function quote(text: string): string {
  // As `deno fmt` would have it.
  const mark = text.split('"').length > text.split("'").length ? "'" : '"';
  let literal = "";
  let afterLetter = false;
  for (const character of text) {
    const seen: boolean = SEEN.test(character) ||
      (afterLetter && MARK.test(character));
    if (character === mark) literal += `\\${mark}`;
    else if (ESCAPES[character] !== undefined) literal += ESCAPES[character];
    else if (seen && !UNSEEN.test(character)) literal += character;
    else literal += codes(character);
    afterLetter = seen && /[\p{L}\p{M}]/u.test(character);
  }
  return mark + literal + mark;
}

/** `\u2028`, one for each of its units. */
function codes(character: string): string {
  return character.split("").map((unit) =>
    `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
  ).join("");
}

/** The beginning of a text, on one line, with nothing unseen in it. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(
    text,
    (character) =>
      SEEN.test(character) && !UNSEEN.test(character) ? character : "?",
  );
  if (characters.length > length) {
    characters.splice(length - 3, Infinity, "...");
  }
  return characters.join("").trim();
}

/** Bytes in a row that are text, or not: where they begin and end. */
interface Run {
  isText: boolean;
  start: number;
  end: number;
}

/** Arguments for one direction of a connection. */
export class Literals {
  readonly #framer: Framer;
  /** How many bytes of the message there are before the next ones. */
  #left = 0;

  /** @param framing What is in front of a frame is hex. */
  constructor(framing: Framing) {
    this.#framer = new Framer(framing === "frames" ? framing : "none");
  }

  /** The next bytes as arguments: as few as possible, and none of them long. */
  of(bytes: Uint8Array): { few: string[]; many: string[] } {
    const few: string[] = [];
    const many: string[] = [];
    for (const { isText, start, end } of this.#runs(bytes)) {
      const run = bytes.subarray(start, end);
      few.push(isText ? quote(decode(run)) : hex(run));
      many.push(...isText ? textLines(decode(run)) : hexLines(run));
    }
    return { few, many };
  }

  #runs(bytes: Uint8Array): Run[] {
    const { parts, left } = this.#framer.push(bytes);
    if (parts.length === 0) return runsOf(bytes, 0, bytes.length);
    const runs = parts.flatMap(({ start, end, first }) => {
      const before = first ? 0 : this.#left;
      const payload = Math.min(end, start + Math.max(0, HEADER - before));
      const header = { isText: false, start, end: payload };
      return [header, ...runsOf(bytes, payload, end)];
    });
    this.#left = left;
    return runs.filter(({ start, end }) => start < end);
  }
}

function runsOf(bytes: Uint8Array, start: number, end: number): Run[] {
  const runs: Run[] = [];
  for (let at = start; at < end;) {
    const size = textAt(bytes.subarray(at, Math.min(at + 4, end)));
    const next = at + Math.max(1, size);
    add(runs, { isText: size > 0, start: at, end: next });
    at = next;
  }
  const texts = runs.filter(({ isText }) => isText)
    .reduce((sum, { start, end }) => sum + end - start, 0);
  if (2 * texts > end - start) return runs;
  const clear: Run[] = [];
  for (const { isText, start, end } of runs) {
    add(clear, { isText: isText && end - start >= SHORT_TEXT, start, end });
  }
  return clear;
}

/** Adds a run, or makes the last one longer if it is of the same sort. */
function add(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last?.isText === run.isText) last.end = run.end;
  else runs.push(run);
}

/** How many bytes the first character of text has; 0 if it is none. */
function textAt(bytes: Uint8Array): number {
  const [first = 0] = bytes;
  if (first < 0x80) {
    return first >= 0x20 && first < 0x7f || [9, 10, 13].includes(first) ? 1 : 0;
  }
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  if (size === 0 || size > bytes.length) return 0;
  // What is no character becomes this one, a byte at a time or more.
  return decode(bytes.subarray(0, size)).startsWith("\ufffd") ? 0 : size;
}

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A literal for each line of a text; more of them for a long one. */
function textLines(text: string): string[] {
  const literals: string[] = [];
  for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) {
    let part = "";
    let width = 2;
    for (const character of line) {
      width += columnsOf(quote(character)) - 2;
      if (width > WIDTH) {
        literals.push(quote(part));
        part = "";
        width = columnsOf(quote(character));
      }
      part += character;
    }
    literals.push(quote(part));
  }
  return literals;
}

function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += HEX) {
    lines.push(hex(bytes.subarray(start, start + HEX)));
  }
  return lines;
}

function hex(bytes: Uint8Array): string {
  return `hex("${bytes.toHex().replace(/..(?=.)/g, "$& ")}")`;
}
