/**
 * The table. Only the rows that can be seen are on the page, so it does not
 * matter how many there are.
 *
 * @module
 */
/// <reference lib="dom" />
import { find } from "./elements.ts";
import type { Place } from "./ladder.ts";
import { rowElement } from "./row_element.ts";
import type { Query } from "./search.ts";
import type { Entry } from "./store.ts";
import type { Heights, Line, View } from "./view.ts";

/** So much is drawn above and below what is seen, in pixels. */
const AROUND = 200;

/** So near to the end the view goes on with what comes, in pixels. */
const NEAR = 8;

/** How large things are, as the style sheet says. */
export function sizes(): Heights & { ladder: number } {
  const style = getComputedStyle(document.documentElement);
  const pixels = (name: string) => parseInt(style.getPropertyValue(name));
  return {
    row: pixels("--row"),
    between: pixels("--between"),
    ladder: pixels("--ladder"),
  };
}

/** What the table needs to know. */
export interface TableOptions {
  view: View;
  /** What is searched for at the moment. */
  query: () => Query | null;
  /** Is called with the row that was clicked, or chosen with Enter. */
  onOpen: (entry: Entry) => void;
  /** Is called when another row becomes the current one. */
  onCurrent: (entry: Entry) => void;
}

/** The table. */
export class Table {
  readonly #options: TableOptions;
  readonly #scroller = find("div", "scroller");
  readonly #table = find("table", "table");
  readonly #body = find("tbody", "rows");
  readonly #made = new Map<Line, HTMLTableRowElement>();
  readonly #lines = new WeakMap<Element, Line>();
  #ladder: number;
  #height = 0;
  #current: Entry | null = null;
  #following = true;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#ladder = sizes().ladder;
    this.#scroller.addEventListener("scroll", () => {
      this.#following = this.#isAtEnd();
    });
    this.#body.addEventListener("click", ({ target }) => {
      // Somebody who selects text wants to copy it.
      if (getSelection()?.isCollapsed === false) return;
      const row = target instanceof Element ? target.closest("tr") : null;
      const line = row === null ? undefined : this.#lines.get(row);
      if (line === undefined || line.between !== null) return;
      this.choose(line.entry);
      options.onOpen(line.entry);
      // What was opened takes a part of the table's place.
      this.reveal(line.entry);
    });
  }

  /** The row that keys are about. */
  get current(): Entry | null {
    return this.#current;
  }

  /** Whether it goes on with what comes. */
  get following(): boolean {
    return this.#following;
  }

  set following(following: boolean) {
    this.#following = following;
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    return scrollTop + clientHeight >= scrollHeight - NEAR;
  }

  /** Makes a row the current one, and shows it. */
  choose(entry: Entry): void {
    this.#current = entry;
    this.reveal(entry);
    this.#options.onCurrent(entry);
  }

  /** Scrolls to where a row can be seen. */
  reveal(entry: Entry): void {
    const { view } = this.#options;
    const line = view.lines[view.indexOf(entry)];
    if (line === undefined) return;
    this.#following = line === view.lines.at(-1);
    this.#resize();
    const head = this.#body.offsetTop;
    const { scrollTop, clientHeight } = this.#scroller;
    const bottom = line.top + view.heightOf(line) + head;
    if (line.top < scrollTop) this.#scroller.scrollTop = line.top;
    else if (bottom > scrollTop + clientHeight) {
      this.#scroller.scrollTop = bottom - clientHeight;
    }
  }

  /** Makes the row so many rows further the current one. */
  move(rows: number): void {
    const { lines } = this.#options.view;
    let index = this.#index();
    const way = Math.sign(rows);
    for (let left = Math.abs(rows); left > 0; left--) {
      let next = index + way;
      if (lines[next]?.between !== null) next += way;
      if (lines[next] === undefined) break;
      index = next;
    }
    const line = lines[Math.max(0, index)];
    if (line !== undefined) this.choose(line.entry);
  }

  /** The index of the current row, or of where one begins without one. */
  #index(): number {
    const { view } = this.#options;
    const index = this.#current === null ? -1 : view.indexOf(this.#current);
    if (index !== -1) return index;
    return view.indexAt(this.#scroller.scrollTop) - 1;
  }

  /** How many rows are seen at once. */
  get page(): number {
    const { view } = this.#options;
    const [line] = view.lines;
    const height = line === undefined ? 1 : view.heightOf(line);
    return Math.max(1, Math.floor(this.#scroller.clientHeight / height) - 2);
  }

  /** Begins again without rows. */
  clear(): void {
    this.#current = null;
    this.#following = true;
  }

  /** Looks at a row again when it is drawn next. */
  forget(entry: Entry): void {
    const { view } = this.#options;
    const line = view.lines[view.indexOf(entry)];
    if (line !== undefined) this.#remove(line);
  }

  /** Looks at everything again when it is drawn next. */
  forgetAll(): void {
    this.#ladder = sizes().ladder;
    for (const line of [...this.#made.keys()]) this.#remove(line);
  }

  #remove(line: Line): void {
    this.#made.get(line)?.remove();
    this.#made.delete(line);
  }

  #resize(): void {
    const { height, lines } = this.#options.view;
    // What is set makes the browser measure everything again, changed or not.
    if (height !== this.#height) this.#body.style.height = `${height}px`;
    this.#height = height;
    // The head is a row too.
    const count = `${lines.length + 1}`;
    if (this.#table.ariaRowCount !== count) this.#table.ariaRowCount = count;
  }

  /** Draws what can be seen. */
  draw(): void {
    const { view } = this.#options;
    this.#resize();
    if (this.#following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    const { scrollTop, clientHeight } = this.#scroller;
    const first = view.indexAt(scrollTop - AROUND);
    const last = view.indexAt(scrollTop + clientHeight + AROUND);
    const seen = new Set(view.lines.slice(first, last + 1));
    for (const line of [...this.#made.keys()]) {
      if (!seen.has(line)) this.#remove(line);
    }
    // In their order, so that they are read in it too.
    let next = this.#body.firstElementChild;
    let index = first;
    for (const line of seen) {
      const row = this.#made.get(line) ?? this.#make(line);
      this.#mark(row, line, index++);
      if (row === next) next = next.nextElementSibling;
      else this.#body.insertBefore(row, next);
    }
    const current = this.#body.querySelector("[aria-selected=true]");
    if (current === null) this.#table.removeAttribute("aria-activedescendant");
    else this.#table.setAttribute("aria-activedescendant", current.id);
  }

  #make(line: Line): HTMLTableRowElement {
    const height = this.#options.view.heightOf(line);
    const place: Place = { width: this.#ladder, height };
    const row = rowElement(line, place, this.#options.query());
    row.id = `${line.between === null ? "row" : "between"}-${line.entry.place}`;
    this.#made.set(line, row);
    this.#lines.set(row, line);
    return row;
  }

  /** What may have changed since the row was made. */
  #mark(row: HTMLTableRowElement, line: Line, index: number): void {
    const top = `${line.top}px`;
    if (row.style.top !== top) row.style.top = top;
    const number = `${index + 2}`;
    if (row.ariaRowIndex !== number) row.ariaRowIndex = number;
    const current = line.between === null && line.entry === this.#current;
    const selected = current ? "true" : "false";
    if (row.ariaSelected !== selected) row.ariaSelected = selected;
  }
}
