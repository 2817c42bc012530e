/**
 * The screen of a terminal, in memory: it obeys the few sequences that the
 * project writes and refuses all others. Like most terminals it breaks lines
 * anew when its width changes.
 *
 * @module
 */

/** The columns of the characters that tests write. Others take one. */
const WIDTHS: Record<string, number> = {
  "漢": 2,
  "字": 2,
  "👍": 2,
  "\u0301": 0,
};

// deno-lint-ignore no-control-regex
const SEQUENCE_OR_CHARACTER = /\x1b\[\??\d*[A-Za-z]|[^]/gu;

/** A row: a character in each cell, "" in the right half of a wide one. */
interface ScreenRow {
  cells: string[];
  /** Whether the next row is the rest of this one. */
  continued: boolean;
}

export class Screen {
  columns: number;
  /** Where the cursor is. */
  row = 0;
  column = 0;
  /** How often the bell has rung. */
  bells = 0;
  #rows: ScreenRow[] = [emptyRow()];
  #wrapping = true;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** What can be seen, a string for each row, blanks at the ends left out. */
  get text(): string[] {
    const rows = this.#rows.map(({ cells }) => cells.join("").trimEnd());
    while (rows.length > this.row + 1 && rows.at(-1) === "") rows.pop();
    return rows;
  }

  write(text: string): void {
    for (const [part] of text.matchAll(SEQUENCE_OR_CHARACTER)) {
      if (part.startsWith("\x1b")) this.#obey(part.slice(1));
      else if (part === "\r") this.column = 0;
      else if (part === "\n") this.#moveDown();
      else if (part === "\x07") this.bells++;
      else if (/\p{Cc}/u.test(part)) {
        throw new Error(`Control character in ${JSON.stringify(text)}`);
      } else this.#put(part);
    }
  }

  #obey(sequence: string): void {
    if (sequence === "[A") this.row -= Math.min(1, this.row);
    else if (sequence === "[B") this.#moveDown();
    else if (sequence === "[?7l") this.#wrapping = false;
    else if (sequence === "[?7h") this.#wrapping = true;
    else if (sequence === "[K") {
      this.#cells.length = Math.min(this.#cells.length, this.column);
      this.#current.continued = false;
    } else throw new Error(`Unknown sequence ESC ${sequence}`);
  }

  #put(character: string): void {
    const width = WIDTHS[character] ?? 1;
    if (width === 0) {
      let last = this.column - 1;
      if (this.#cells[last] === "") last--;
      this.#cells[last] = (this.#cells[last] ?? " ") + character;
      return;
    }
    if (this.column + width > this.columns) {
      if (this.#wrapping) {
        this.#current.continued = true;
        this.#moveDown();
        this.column = 0;
      } else this.column = this.columns - width;
    }
    while (this.#cells.length < this.column) this.#cells.push(" ");
    this.#cells[this.column] = character;
    if (width === 2) this.#cells[this.column + 1] = "";
    this.column += width;
  }

  #moveDown(): void {
    this.row++;
    if (this.row === this.#rows.length) this.#rows.push(emptyRow());
  }

  get #current(): ScreenRow {
    return this.#rows[this.row] ?? emptyRow();
  }

  get #cells(): string[] {
    return this.#current.cells;
  }

  /** Makes the screen narrower or wider. The cursor stays with its text. */
  resize(columns: number): void {
    const old = this.#rows;
    const [row, column] = [this.row, this.column];
    this.columns = columns;
    this.#rows = [];
    let line = emptyRow();
    const finish = (continued: boolean) => {
      line.continued = continued;
      this.#rows.push(line);
      line = emptyRow();
    };
    for (const [index, { cells, continued }] of old.entries()) {
      for (let place = 0; place <= cells.length; place++) {
        const width = cells[place + 1] === "" ? 2 : 1;
        const there = place < cells.length;
        if (there && line.cells.length + width > columns) finish(true);
        if (index === row && place === Math.min(column, cells.length)) {
          this.row = this.#rows.length;
          this.column = line.cells.length;
        }
        if (!there) break;
        line.cells.push(...cells.slice(place, place + width));
        place += width - 1;
      }
      if (!continued) finish(false);
    }
    if (line.cells.length > 0) finish(false);
  }
}

function emptyRow(): ScreenRow {
  return { cells: [], continued: false };
}
