/**
 * Which rows are shown, and where: those of one connection or of all, with the
 * idle time between them, up to where the view is paused.
 *
 * @module
 */
import {
  type Entry,
  halfOpen,
  type Life,
  NO_LIFE,
  type RowStore,
} from "./store.ts";
import { durationText } from "./words.ts";

/** One line of the table: a row, or what is between two of them. */
export interface Line {
  /** The row; for what is between two rows the one after it. */
  entry: Entry;
  /** What is between two rows, in words; `null` for a row. */
  between: string | null;
  /** The connection before and after it, for the picture. */
  before: Life;
  after: Life;
  /** Where it begins, in pixels. */
  top: number;
}

/** How high lines are, in pixels. */
export interface Heights {
  row: number;
  between: number;
}

/** From so many milliseconds on, nothing happening is something to show. */
export const IDLE = 1000;

/** The lines of the table. */
export class View {
  readonly #store: RowStore;
  #heights: Heights;
  #conn: number | null = null;
  /** The place of the first row that was not looked at yet. */
  #place = 0;
  #last: Entry | null = null;
  #missing = 0;
  #paused = false;
  /** How many rows wait while it is paused, and up to where they are counted. */
  #waiting = 0;
  #counted = 0;
  lines: Line[] = [];

  constructor(store: RowStore, heights: Heights) {
    this.#store = store;
    this.#heights = heights;
  }

  /** How high all lines are together, in pixels. */
  get height(): number {
    const last = this.lines.at(-1);
    return last === undefined ? 0 : last.top + this.heightOf(last);
  }

  /** How high a line is, in pixels. */
  heightOf({ between }: Line): number {
    return between === null ? this.#heights.row : this.#heights.between;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether nothing new is shown. */
  set paused(paused: boolean) {
    this.#paused = paused;
    this.#waiting = 0;
    this.#counted = this.#place;
  }

  /** How many rows wait while it is paused. */
  get waiting(): number {
    this.#counted = Math.max(this.#counted, this.#place, this.#store.gone);
    for (; this.#counted < this.#store.end; this.#counted++) {
      const entry = this.#store.at(this.#counted) as Entry;
      if (this.#belongs(entry)) this.#waiting++;
    }
    return this.#waiting;
  }

  /** Forgets everything but what is shown of it. */
  clear(): void {
    this.#place = 0;
    this.#again();
  }

  /** Shows one connection, or with `null` all of them. */
  filter(conn: number | null): void {
    this.#conn = conn;
    this.#again();
  }

  /** Lines have other heights now. */
  resize(heights: Heights): void {
    this.#heights = heights;
    let top = 0;
    for (const line of this.lines) {
      line.top = top;
      top += this.heightOf(line);
    }
  }

  /**
   * Takes the rows that have come, unless it is paused; forgets those that the
   * store has let go.
   *
   * @returns Whether lines went at the beginning.
   */
  take(): boolean {
    const [first] = this.lines;
    const behind = first !== undefined && first.entry.place < this.#store.gone;
    if (behind) this.#again();
    if (!this.#paused) this.#takeUpTo(this.#store.end);
    return behind;
  }

  /** Takes the next row of those that wait. Returns whether there was one. */
  step(): boolean {
    const { length } = this.lines;
    while (this.#place < this.#store.end && this.lines.length === length) {
      this.#takeUpTo(this.#place + 1);
    }
    const stepped = this.lines.length > length;
    if (stepped) this.#waiting--;
    return stepped;
  }

  /** The index of the line that is at a height; the last one below them all. */
  indexAt(top: number): number {
    return this.#lastIndex((line) => line.top <= top);
  }

  /** The index of the line of an entry, -1 if it is not shown. */
  indexOf(entry: Entry): number {
    const index = this.#lastIndex((line) => line.entry.place <= entry.place);
    return this.lines[index]?.entry === entry ? index : -1;
  }

  /** The last line for which `is` holds; it does up to somewhere. */
  #lastIndex(is: (line: Line) => boolean): number {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (is(this.lines[middle] as Line)) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Makes all lines again, up to where they went. */
  #again(): void {
    const end = this.#paused
      ? Math.max(this.#place, this.#store.gone)
      : this.#store.end;
    this.lines = [];
    this.#place = this.#store.gone;
    this.#last = null;
    this.#missing = 0;
    this.#takeUpTo(end);
    this.#waiting = 0;
    this.#counted = this.#place;
  }

  #takeUpTo(end: number): void {
    this.#place = Math.max(this.#place, this.#store.gone);
    for (; this.#place < end; this.#place++) {
      const entry = this.#store.at(this.#place) as Entry;
      this.#missing += entry.missing;
      if (this.#belongs(entry)) this.#show(entry);
    }
  }

  #belongs({ row }: Entry): boolean {
    return this.#conn === null || row.conn === 0 || row.conn === this.#conn;
  }

  #show(entry: Entry): void {
    const last = this.lines.at(-1)?.after ?? NO_LIFE;
    // What is about all connections leaves the picture as it is.
    const [before, after] = entry.row.conn === 0
      ? [last, last]
      : [entry.before, entry.after];
    const between = this.#between(entry, before);
    if (between !== "") {
      const { height: top } = this;
      this.lines.push({ entry, between, before, after: before, top });
    }
    const { height: top } = this;
    this.lines.push({ entry, between: null, before, after, top });
    this.#last = entry;
    this.#missing = 0;
  }

  /** What is between the last row and this one, in words. */
  #between(entry: Entry, life: Life): string {
    const words: string[] = [];
    if (this.#last === null && this.#store.gone > 0) {
      words.push(`${this.#store.gone} older rows are not here any more`);
    }
    if (this.#missing > 0) {
      const rows = this.#missing === 1 ? "1 row" : `${this.#missing} rows`;
      words.push(`${rows} left out: the page did not keep up`);
    }
    const idle = entry.row.at - (this.#last ?? entry).row.at;
    if (idle >= IDLE) words.push(`${durationText(idle)} nothing`);
    if (words.length > 0 && halfOpen(life) !== null) {
      words.push("half-open");
    }
    return words.join(", ");
  }
}
