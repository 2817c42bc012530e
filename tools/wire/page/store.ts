/**
 * The rows that the page keeps, each with what the rows before it mean for it.
 *
 * @module
 */
import type { BytesRow, Row } from "../row.ts";
import type { Side } from "../trace.ts";
import { type Neighbours, REACH } from "./characters.ts";

/** How far a connection is at some moment. */
export interface Life {
  /** Whether it is there at all. */
  readonly open: boolean;
  /** Whether the client has ended what it sends. */
  readonly client: boolean;
  /** Whether the server has ended what it sends. */
  readonly server: boolean;
}

/** A row with what the rows around it tell. */
export interface Entry {
  readonly row: Row;
  /** The bytes that the row has; none if it is not about bytes. */
  readonly bytes: Uint8Array;
  /** Its place in the record. It never changes. */
  readonly place: number;
  /** The connection before and after it. */
  readonly before: Life;
  readonly after: Life;
  /** How many rows are missing before it. */
  readonly missing: number;
  /** The bytes before and after these, in the same direction. */
  previous: Entry | null;
  next: Entry | null;
  /** Whether its direction has ended with these bytes. */
  last: boolean;
}

/** How many rows the page keeps. */
export const MOST_ROWS = 100_000;

/** So many go at once, so that the others are not moved each time. */
const GOING = 10_000;

/** A connection that is not there. */
export const NO_LIFE: Life = { open: false, client: false, server: false };
const OPEN: Life = { open: true, client: false, server: false };
const NOTHING = new Uint8Array();

/** The rows, the newest of them. */
export class RowStore {
  readonly #most: number;
  readonly #going: number;
  readonly #lives = new Map<number, Life>();
  /** The last entry of each stream of bytes. */
  readonly #ends = new Map<string, Entry>();
  #lastId: number | undefined;
  #gone = 0;
  entries: Entry[] = [];

  /** @param most How many rows it keeps; @param going How many go at once. */
  constructor(most = MOST_ROWS, going = GOING) {
    this.#most = most;
    this.#going = going;
  }

  /** How many rows were let go: the place of the first entry. */
  get gone(): number {
    return this.#gone;
  }

  /** The place that the next row will have. */
  get end(): number {
    return this.#gone + this.entries.length;
  }

  /** The entry at a place. */
  at(place: number): Entry | undefined {
    return this.entries[place - this.#gone];
  }

  /** Forgets everything. */
  clear(): void {
    this.#lives.clear();
    this.#ends.clear();
    this.#lastId = undefined;
    this.#gone = 0;
    this.entries = [];
  }

  /** Whether a connection is open after the last row. */
  isOpen(conn: number): boolean {
    return this.#lives.get(conn)?.open ?? false;
  }

  /**
   * Adds a row.
   *
   * @returns Entries that look different because of it.
   */
  add(row: Row): Entry[] {
    const before = this.#lives.get(row.conn) ??
      (begins(row) || row.conn === 0 ? NO_LIFE : OPEN);
    const after = lifeAfter(before, row);
    if (row.conn !== 0) this.#lives.set(row.conn, after);
    const missing = Math.max(0, row.id - (this.#lastId ?? row.id - 1) - 1);
    this.#lastId = row.id;
    const entry: Entry = {
      row,
      bytes: "base64" in row ? Uint8Array.fromBase64(row.base64) : NOTHING,
      place: this.end,
      before,
      after,
      missing,
      previous: null,
      next: null,
      last: false,
    };
    this.entries.push(entry);
    const changed = this.#link(entry);
    if (this.entries.length > this.#most) this.#drop();
    return changed;
  }

  #link(entry: Entry): Entry[] {
    const { row } = entry;
    if (!isBytes(row)) {
      if (row.kind === "end") return this.#finish(row.conn, [row.from]);
      if (begins(row)) this.#forget(row.conn);
      return entry.after.open || !entry.before.open
        ? []
        : this.#finish(row.conn, ["client", "server"]);
    }
    if (row.kind === "lost") return [];
    const stream = `${row.conn} ${row.from} ${row.kind}`;
    const previous = this.#ends.get(stream);
    this.#ends.set(stream, entry);
    if (previous === undefined) return [];
    entry.previous = previous;
    previous.next = entry;
    return [previous];
  }

  /** Nothing follows on what was read. Pieces of it may still follow. */
  #finish(conn: number, sides: Side[]): Entry[] {
    return sides.flatMap((from) => {
      const stream = `${conn} ${from} chunk`;
      const last = this.#ends.get(stream);
      if (last === undefined) return [];
      last.last = true;
      return [last];
    });
  }

  #forget(conn: number): void {
    for (const from of ["client", "server"]) {
      this.#ends.delete(`${conn} ${from} chunk`);
      this.#ends.delete(`${conn} ${from} piece`);
    }
  }

  /** Lets the oldest go. */
  #drop(): void {
    for (const { next } of this.entries.slice(0, this.#going)) {
      // A chain of entries would keep all of them.
      if (next !== null) next.previous = null;
    }
    this.entries = this.entries.slice(this.#going);
    this.#gone += this.#going;
  }
}

/** Whether a row is about bytes. */
export function isBytes(row: Row): row is BytesRow & Row {
  return row.kind === "chunk" || row.kind === "piece" || row.kind === "lost";
}

/** Whether nothing of the connection comes before a row. */
function begins({ kind }: Row): boolean {
  return kind === "connect" || kind === "refused";
}

/** Whether an entry has all bytes of its row, or there are none. */
export function isWhole({ row, bytes }: Entry): boolean {
  return !isBytes(row) || bytes.length === row.size;
}

function lifeAfter(life: Life, row: Row): Life {
  if (row.kind === "connect") return OPEN;
  if (row.kind === "end") return { ...life, [row.from]: true };
  const over = row.kind === "reset" || row.kind === "close" ||
    row.kind === "refused";
  return over ? NO_LIFE : life;
}

/** Which side has ended what it sends, while the other one still may send. */
export function halfOpen({ open, client, server }: Life): Side | null {
  if (!open || client === server) return null;
  return client ? "client" : "server";
}

/**
 * The bytes next to those of an entry, as far as they are known, and up to
 * `reach` of them on each side.
 */
export function neighbours(entry: Entry, reach = REACH): Neighbours {
  const { row, last } = entry;
  if (!isBytes(row) || row.kind === "lost") {
    return { before: null, after: null };
  }
  const before: number[] = [];
  let { previous } = entry;
  while (previous !== null && before.length < reach) {
    // Its end is not in the row.
    if (!isWhole(previous)) break;
    before.unshift(...previous.bytes.slice(-reach));
    previous = previous.previous;
  }
  const after: number[] = [];
  let at = entry;
  while (isWhole(at) && at.next !== null && after.length < reach) {
    at = at.next;
    after.push(...at.bytes.subarray(0, reach));
  }
  return {
    before: previous !== null && before.length === 0
      ? null
      : new Uint8Array(before.slice(-reach)),
    after: isWhole(entry) && (last || after.length > 0)
      ? new Uint8Array(after.slice(0, reach))
      : null,
  };
}
