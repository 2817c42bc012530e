/**
 * The search: which rows have what is looked for, and which of them is next.
 *
 * @module
 */
/// <reference lib="dom" />
import { find } from "./elements.ts";
import { matchesOf, parseQuery, type Query } from "./search.ts";
import { type Entry, isWhole } from "./store.ts";
import type { View } from "./view.ts";

/** So long lines are looked at in one go, in milliseconds: then it is drawn. */
const LOOKING = 8;

/** What the search needs. */
export interface FinderOptions {
  view: View;
  /** The row from which on the next match is looked for. */
  current: () => Entry | null;
  /** Is called with the row of a match. */
  onFound: (entry: Entry) => void;
  /** Is called when something else is looked for. */
  onChange: () => void;
  /** Is called with a row that has a match only now: the rest of it has come. */
  onLater: (entry: Entry) => void;
}

/** The search. */
export class Finder {
  readonly #options: FinderOptions;
  readonly #field = find("input", "search");
  readonly #count = find("output", "found");
  readonly #buttons = [find("button", "previous"), find("button", "next")];
  #query: Query | null = null;
  /** The rows with a match, as far as the lines were looked at. */
  #found: Entry[] = [];
  #looked = 0;
  /** Whether they have all bytes of their chunks. */
  #whole = true;

  constructor(options: FinderOptions) {
    this.#options = options;
    this.#field.addEventListener("input", () => {
      this.#query = parseQuery(this.#field.value);
      this.again();
      options.onChange();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.go(event.shiftKey ? -1 : 1);
      if (event.key === "Escape") find("table", "table").focus();
    });
    for (const [index, button] of this.#buttons.entries()) {
      button.addEventListener("click", () => this.go(index === 0 ? -1 : 1));
    }
  }

  /** What is looked for, `null` for nothing. */
  get query(): Query | null {
    return this.#query;
  }

  /** Looks at all lines again: they are others now. */
  again(): void {
    this.#found = [];
    this.#looked = 0;
    this.#whole = true;
    this.look();
  }

  /** Whether there are lines that were not looked at yet. */
  get behind(): boolean {
    return this.#query !== null &&
      this.#looked < this.#options.view.lines.length;
  }

  /** Looks at lines that were not looked at yet, but not for long. */
  look(): void {
    const { lines } = this.#options.view;
    const until = performance.now() + LOOKING;
    while (this.behind && performance.now() < until) {
      const { entry, between } = lines[this.#looked++] as typeof lines[number];
      if (between === null) this.#lookAt(entry, this.#query as Query);
    }
    this.#show();
  }

  #lookAt(entry: Entry, query: Query): void {
    this.#whole &&= isWhole(entry);
    const [match] = matchesOf(entry, query);
    if (match === undefined) return;
    this.#found.push(entry);
    // When the rows before were looked at, this one may not have been there.
    let { previous } = entry;
    for (let { start } = match; start < 0 && previous !== null;) {
      this.#add(previous);
      start += previous.bytes.length;
      previous = previous.previous;
    }
  }

  /** Adds a row in front of some that were found. */
  #add(entry: Entry): void {
    const index = this.#found.findLastIndex(({ place }) =>
      place <= entry.place
    );
    if (this.#found[index] === entry) return;
    this.#found.splice(index + 1, 0, entry);
    this.#options.onLater(entry);
  }

  #show(): void {
    const { length } = this.#found;
    const current = this.#options.current();
    const index = current === null ? -1 : this.#found.indexOf(current);
    const rows = length === 1 ? "1 row" : `${length} rows`;
    const text = this.#query === null
      ? ""
      : this.behind
      ? `${rows} so far`
      : length === 0
      ? `not found${this.#whole ? "" : " in the first 256 bytes of each chunk"}`
      : index === -1
      ? rows
      : `${index + 1} of ${rows}`;
    if (this.#count.textContent !== text) this.#count.textContent = text;
    for (const button of this.#buttons) button.disabled = length === 0;
  }

  /** Goes to the next match, or with -1 to the one before. */
  go(way: 1 | -1): void {
    const place = this.#options.current()?.place ?? (way === 1 ? -1 : Infinity);
    const found = way === 1
      ? this.#found.find((entry) => entry.place > place) ?? this.#found[0]
      : this.#found.findLast((entry) => entry.place < place) ??
        this.#found.at(-1);
    if (found === undefined) return;
    this.#options.onFound(found);
    this.#show();
  }
}
