/**
 * The rows on the page: taken as they come, drawn once a frame.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Row } from "../row.ts";
import { Announcer } from "./announcer.ts";
import { Connections } from "./connections.ts";
import { find } from "./elements.ts";
import { Finder } from "./finder.ts";
import { HexPanel } from "./hex_panel.ts";
import { RowStore } from "./store.ts";
import { sizes, Table } from "./table.ts";
import { View } from "./view.ts";

/** So long rows are taken in one frame, in milliseconds: then it is drawn. */
const TAKING = 8;

/**
 * Between two pictures of what comes, in milliseconds: nobody reads faster, and
 * so there is time for everything else.
 */
const APART = 80;

/** What comes so soon after a start was before it: not announced, in ms. */
const BACKLOG = 1000;

/** What the rows need. */
export interface RowsViewOptions {
  /** Gets all bytes of a row that has only the first of them. */
  fetchBytes: (id: number) => Promise<Uint8Array>;
  /** Is called when another connection is chosen, or one opens or ends. */
  onConnections: () => void;
}

/** The table with its search, its pause, its choice and its hex. */
export class RowsView {
  readonly #options: RowsViewOptions;
  readonly #store = new RowStore();
  readonly #view = new View(this.#store, sizes());
  readonly #announcer = new Announcer();
  readonly #pause = find("button", "pause");
  readonly #step = find("button", "step");
  readonly #more = find("span", "more");
  readonly #empty = find("p", "empty");
  readonly hex: HexPanel;
  readonly table: Table;
  readonly finder: Finder;
  readonly connections: Connections;
  #waiting: Row[] = [];
  /** How many of those that wait were taken. */
  #taken = 0;
  #started = 0;
  /** Whether lines may have come, and when they were looked at. */
  #fresh = false;
  #looked = 0;
  #frame: number | undefined;

  constructor(options: RowsViewOptions) {
    this.#options = options;
    const redraw = () => this.redraw();
    this.hex = new HexPanel({
      fetchBytes: options.fetchBytes,
      onClose: () => {
        find("table", "table").focus();
        redraw();
      },
    });
    this.table = new Table({
      view: this.#view,
      query: () => this.finder.query,
      onOpen: (entry) => this.hex.open(entry),
      onCurrent: (entry) => {
        if (this.hex.isOpen) this.hex.open(entry);
        this.finder.look();
        redraw();
      },
    });
    this.finder = new Finder({
      view: this.#view,
      current: () => this.table.current,
      onFound: (entry) => this.table.choose(entry),
      onChange: () => this.#redrawAll(),
      onLater: (entry) => this.table.forget(entry),
    });
    this.connections = new Connections((conn) => {
      this.#view.filter(conn);
      this.finder.again();
      this.#redrawAll();
      options.onConnections();
    });
    this.#pause.addEventListener("click", () => this.togglePause());
    this.#step.addEventListener("click", () => this.step());
    find("div", "scroller").addEventListener("scroll", redraw);
    addEventListener("resize", () => {
      this.#view.resize(sizes());
      this.#redrawAll();
    });
  }

  /** The connection that is shown, `null` for all of them. */
  get conn(): number | null {
    return this.connections.chosen;
  }

  /** Whether a connection is open. */
  isOpen(conn: number): boolean {
    return this.#store.isOpen(conn);
  }

  /** Begins again without rows. */
  clear(): void {
    this.#waiting = [];
    this.#taken = 0;
    this.#started = performance.now();
    this.#store.clear();
    this.#view.clear();
    this.connections.clear();
    this.#view.filter(this.conn);
    this.table.clear();
    this.finder.again();
    this.table.forgetAll();
    this.#come();
  }

  /** Rows have come. */
  add(rows: Row[]): void {
    this.#waiting = this.#taken === this.#waiting.length
      ? rows
      : this.#waiting.slice(this.#taken).concat(rows);
    this.#taken = 0;
    this.#come();
  }

  /** Pauses the view, or goes on. */
  togglePause(): void {
    this.#view.paused = !this.#view.paused;
    const { paused } = this.#view;
    this.#pause.textContent = paused ? "Go on" : "Pause";
    this.#pause.ariaPressed = `${paused}`;
    this.#step.disabled = !paused;
    // Whoever goes on wants to see what comes.
    if (!paused) this.table.following = true;
    this.#come();
  }

  /** Shows one row more, while it is paused. */
  step(): void {
    if (!this.#view.paused || !this.#view.step()) return;
    this.goTo("last");
    this.#come();
  }

  /** Shows all bytes of the current row, and goes there. */
  openHex(): void {
    const { current } = this.table;
    if (current === null) return;
    this.hex.open(current);
    this.hex.focus();
    this.table.reveal(current);
  }

  /** Goes to the first row or to the last one. */
  goTo(end: "first" | "last"): void {
    const { lines } = this.#view;
    // What is between two rows stands before a row, so both ends are rows.
    const line = end === "first" ? lines[0] : lines.at(-1);
    if (line !== undefined) this.table.choose(line.entry);
  }

  /** Draws in the next frame. */
  redraw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #redrawAll(): void {
    this.table.forgetAll();
    this.redraw();
  }

  /** Lines come, or may come now. */
  #come(): void {
    this.#fresh = true;
    this.redraw();
  }

  #draw(): void {
    this.#take();
    if (this.#fresh && performance.now() >= this.#looked + APART) this.#look();
    else if (this.finder.behind) this.finder.look();
    this.table.draw();
    if (this.#fresh || this.finder.behind) this.redraw();
  }

  /** Looks at what has come. */
  #look(): void {
    this.#looked = performance.now();
    this.#fresh = this.#taken < this.#waiting.length;
    if (this.#view.take()) this.finder.again();
    else this.finder.look();
    this.#empty.hidden = this.#view.lines.length > 0;
    const { paused, waiting } = this.#view;
    const more = paused && waiting > 0 ? `${waiting} more` : "";
    if (this.#more.textContent !== more) this.#more.textContent = more;
  }

  /** Takes rows, but not so many that the page is not drawn meanwhile. */
  #take(): void {
    const until = performance.now() + TAKING;
    const loud = this.#started + BACKLOG < performance.now();
    let connections = false;
    while (this.#taken < this.#waiting.length && performance.now() < until) {
      const row = this.#waiting[this.#taken++] as Row;
      for (const entry of this.#store.add(row)) this.table.forget(entry);
      this.connections.see(row);
      if (loud) this.#announcer.see(row);
      connections ||= !("base64" in row);
    }
    if (connections) this.#options.onConnections();
  }
}
