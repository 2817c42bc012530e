/**
 * The cells of a row: its bytes and its messages, each byte on the colour of its
 * message.
 *
 * @module
 */
/// <reference lib="dom" />
import type { BytesRow } from "../row.ts";
import { characters, REACH } from "./characters.ts";
import { element } from "./elements.ts";
import { type Run, runs } from "./runs.ts";
import { matchesOf, type Query } from "./search.ts";
import { type Entry, neighbours } from "./store.ts";
import { bytesText } from "./words.ts";

/** So many bytes fit into a row on a wide screen. */
const SHOWN = 160;

/** So many messages fit into a row. */
const LISTED = 6;

/** How many colours there are for messages. */
const COLOURS = 8;

/** The class with the colour of a message. */
export function colourOf(message: number): string {
  return `m${(message - 1) % COLOURS}`;
}

/** The bytes of a row. */
export function bytesCell(entry: Entry, query: Query | null): HTMLElement[] {
  const row = entry.row as BytesRow;
  const bytes = entry.bytes.subarray(0, SHOWN);
  const around = neighbours(entry);
  const shown = characters(bytes, {
    before: around.before,
    after: bytes.length < entry.bytes.length
      ? entry.bytes.subarray(SHOWN, SHOWN + REACH)
      : around.after,
  });
  const matches = query === null ? [] : matchesOf(entry, query, bytes);
  const cell = groups(runs(bytes, shown, row.parts, matches));
  const rest = row.size - bytes.length;
  if (rest > 0) {
    cell.push(element("i", { class: "rest" }, ` and ${bytesText(rest)} more`));
  }
  return cell;
}

/** One element for the bytes of each message. */
function groups(all: Run[]): HTMLElement[] {
  const made: HTMLElement[] = [];
  for (const run of all) {
    if (made.length === 0 || run.begins) {
      const { message, first } = run;
      const group = message === 0 ? element("span") : element(
        "span",
        { class: colourOf(message) },
        element("b", { class: "number" }, first ? `${message}` : `…${message}`),
      );
      made.push(group);
    }
    made.at(-1)?.append(runElement(run));
  }
  return made;
}

const EXPLAINED = {
  split: "a part of a character, the rest is in a neighbouring chunk",
  broken: "not UTF-8",
};

function runElement({ text, mark, found }: Run): Node {
  if (mark === "text" && !found) return document.createTextNode(text);
  const made = element(found ? "mark" : "i", { class: mark }, text);
  if (mark === "split" || mark === "broken") {
    made.title = EXPLAINED[mark];
    const said = mark === "split" ? " split " : " broken ";
    made.append(element("span", { class: "unseen" }, said));
  }
  return made;
}

/** The messages that are complete with a row, and what is left over. */
export function messagesCell(entry: Entry): HTMLElement[] {
  const { messages, more, left, parts } = entry.row as BytesRow;
  const listed = messages.slice(0, LISTED);
  const cell = listed.map(({ number, size, base64 }) => {
    const text = messageText(Uint8Array.fromBase64(base64), size);
    return element(
      "span",
      { class: `message ${colourOf(number)}`, title: bytesText(size) },
      element("b", { class: "number" }, `${number}`),
      ...text,
    );
  });
  const others = more + messages.length - listed.length;
  if (others > 0) {
    cell.push(element("span", { class: "rest" }, `and ${others} more`));
  }
  const message = parts.at(-1)?.last === false ? parts.at(-1)?.message : 0;
  if (left > 0 && message !== undefined) {
    // Parts go no further than the bytes that a row has.
    const number = message === 0 ? [] : [
      element("b", { class: "number" }, `${message}…`),
    ];
    const colour = message === 0 ? "" : colourOf(message);
    cell.push(element(
      "span",
      { class: `left ${colour}` },
      ...number,
      `${bytesText(left)} left over`,
    ));
  }
  return cell;
}

const NOTHING = new Uint8Array();

/** A line without its end, which is not a part of what it says; or a frame. */
function messageText(bytes: Uint8Array, size: number): Node[] {
  let end = bytes.length;
  // A frame's size is more than what is in it.
  if (end === size && bytes[end - 1] === 0x0a) {
    end -= bytes[end - 2] === 0x0d ? 2 : 1;
  }
  const text = bytes.subarray(0, Math.min(end, SHOWN));
  // It may have been cut off in the middle of a character.
  const shown = characters(text, { before: NOTHING, after: null });
  return end === 0
    ? [element("i", { class: "rest" }, "empty")]
    : runs(text, shown, []).map(runElement);
}
