/**
 * The panel with all bytes of a row.
 *
 * @module
 */
/// <reference lib="dom" />
import type { BytesRow } from "../row.ts";
import { colourOf } from "./cells.ts";
import { characters, hex } from "./characters.ts";
import { element, find } from "./elements.ts";
import {
  type HexLine,
  hexLines,
  messagesText,
  wholeParts,
  WIDTH,
} from "./hex_lines.ts";
import { runs } from "./runs.ts";
import { type Entry, isBytes, neighbours } from "./store.ts";
import { bytesText, eventText, pictureText, timeText } from "./words.ts";

/** So many bytes are shown at once; a button shows as many more. */
const AT_ONCE = 2048;

/** What the panel needs. */
export interface HexPanelOptions {
  /** Gets all bytes of a row that has only the first of them. */
  fetchBytes: (id: number) => Promise<Uint8Array>;
  /** Is called when it was closed. */
  onClose: () => void;
}

/** The panel. */
export class HexPanel {
  readonly #options: HexPanelOptions;
  readonly #panel = find("aside", "hex");
  readonly #title = find("h2", "hex-title");
  readonly #lines = find("tbody", "hex-lines");
  readonly #more = find("button", "hex-more");
  #entry: Entry | null = null;
  #bytes: Uint8Array = new Uint8Array();
  #shown = 0;

  constructor(options: HexPanelOptions) {
    this.#options = options;
    find("button", "hex-close").addEventListener("click", () => this.close());
    this.#more.addEventListener("click", () => this.#showMore());
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  /** Shows a row. */
  async open(entry: Entry): Promise<void> {
    this.#entry = entry;
    this.#panel.hidden = false;
    this.#lines.replaceChildren();
    this.#more.hidden = true;
    const { row } = entry;
    const conn = row.conn === 0 ? "" : `, connection ${row.conn}`;
    const what = isBytes(row) ? pictureText(row) : eventText(row);
    this.#title.textContent = `${timeText(row.at)} s${conn}: ${what}`;
    if (!isBytes(row)) return;
    let bytes = entry.bytes;
    if (bytes.length < row.size) {
      try {
        bytes = await this.#options.fetchBytes(row.id);
      } catch (error) {
        const why = error instanceof Error ? error.message : `${error}`;
        const first = `The first ${bytesText(bytes.length)} only: ${why}`;
        this.#title.textContent += `. ${first}`;
      }
    }
    // Another row may have been opened meanwhile.
    if (this.#entry !== entry) return;
    this.#bytes = bytes;
    this.#shown = 0;
    this.#showMore();
  }

  /** Gives it the keyboard. */
  focus(): void {
    this.#title.focus();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#entry = null;
    this.#panel.hidden = true;
    this.#options.onClose();
  }

  #showMore(): void {
    const entry = this.#entry;
    if (entry === null) return;
    const bytes = this.#bytes;
    const parts = wholeParts(entry.row as BytesRow);
    const to = this.#shown + AT_ONCE;
    for (const line of hexLines(bytes, parts, this.#shown, to)) {
      this.#lines.append(lineElement(line, entry, bytes));
    }
    this.#shown = to;
    this.#more.hidden = to >= bytes.length;
    this.#more.textContent = `${
      bytesText(Math.max(0, bytes.length - to))
    } more`;
  }
}

function lineElement(
  { offset, bytes, messages }: HexLine,
  entry: Entry,
  whole: Uint8Array,
): HTMLTableRowElement {
  const digits = element("td", { class: "digits" });
  let group: HTMLElement | undefined;
  for (const [index, byte] of bytes.entries()) {
    if (group === undefined || messages[index] !== messages[index - 1]) {
      group = element("span", { class: classOf(messages[index]) });
      digits.append(group);
    }
    group.append(`${index === WIDTH / 2 ? " " : ""}${hex(byte)} `);
  }
  const start = parseInt(offset, 16);
  // A line may cut a character too: that is not the chunk's doing.
  const around = neighbours(entry);
  const all = characters(bytes, {
    before: start === 0 ? around.before : whole.subarray(start - 3, start),
    after: start + bytes.length === whole.length
      ? around.after
      : whole.subarray(start + bytes.length, start + bytes.length + 3),
  });
  const text = element("td", { class: "bytes" });
  for (const run of runs(bytes, all, [])) {
    text.append(element("i", { class: run.mark }, run.text));
  }
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, offset),
    digits,
    text,
    element("td", {}, messagesText(messages)),
  );
}

function classOf(message: number | undefined): string {
  return message === undefined || message === 0 ? "" : colourOf(message);
}
