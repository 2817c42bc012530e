/**
 * Typing lines at a terminal while other lines are printed above.
 *
 * @module
 */
import type { Reader } from "./bytes.ts";
import { LineEditor, type Typed } from "./line_editor.ts";
import { drawRow, ERASE, eraseBroken, layOut, type Row } from "./row.ts";

/** A terminal: a keyboard to read from, and a screen. */
export interface Terminal extends Reader {
  /** Writes all of `text` to the screen, at once. */
  write(text: string): void;
  /** The width of the screen in columns, 0 if the terminal does not know. */
  columns(): number;
  /**
   * Raw, it hands over every key as it is pressed, shows none of them by
   * itself, and Ctrl+C is a key like any other.
   */
  setRaw(raw: boolean): void;
  /**
   * Calls `listener` when the width has changed, and when the program has been
   * stopped and goes on. Returns what ends that.
   */
  watch(listener: () => void): () => void;
}

/** Options of a dialog. */
export interface DialogOptions {
  /** What stands in front of the line that is being typed. */
  prompt: string;
  /**
   * What stands in front of the first one instead: a question.
   *
   * @default {prompt}
   */
  question?: string | undefined;
  /** Is called on Ctrl+C. */
  onInterrupt: () => void;
  /**
   * Is told, once, why no more lines will be typed, if that is not the person's
   * wish: a {@linkcode TypedAheadError}, or what the terminal threw. It may be
   * that nobody asks for the next line just then.
   */
  onFailure: (error: unknown) => void;
}

/**
 * More was typed than anybody took.
 *
 * @example The bound is in the message
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TypedAheadError } from "./terminal_dialog.ts";
 *
 * const error = new TypedAheadError(1_048_576);
 * assertEquals(error.message, "Over 1048576 typed characters wait to be taken");
 * ```
 */
export class TypedAheadError extends Error {
  /**
   * Makes the error.
   *
   * @param maxLength The limit that is reached, in characters.
   */
  constructor(readonly maxLength: number) {
    super(`Over ${maxLength} typed characters wait to be taken`);
    this.name = "TypedAheadError";
  }
}

/** How many characters of complete lines may wait, a line end counted as one. */
const MAX_WAITING = 1_048_576;

/**
 * The last row of what is on the screen is for the line being typed. Whatever
 * is printed goes above it, in one write together with the row drawn anew: at
 * no time is a part of one seen within the other.
 *
 * A line that was entered stays above as well, behind its prompt. A line longer
 * than the screen is wide is shown around its cursor, in one row, until it is
 * entered. Where the width shrinks while that row is drawn, most terminals
 * break it into several, and these are erased; on one that does not (xterm) as
 * many rows above may go with them.
 *
 * Ctrl+Z does nothing: a program that stops itself under `deno task` leaves a
 * terminal that nobody reads.
 *
 * @example A screen that only remembers what was written
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TerminalDialog } from "./terminal_dialog.ts";
 *
 * const typed = [new TextEncoder().encode("hello\r\x04")];
 * let screen = "";
 * using dialog = new TerminalDialog({
 *   read(buffer) {
 *     const chunk = typed.shift();
 *     if (chunk !== undefined) buffer.set(chunk);
 *     return Promise.resolve(chunk?.length ?? null);
 *   },
 *   write: (text) => screen += text,
 *   columns: () => 80,
 *   setRaw() {},
 *   watch: () => () => {},
 * }, { prompt: "> ", onInterrupt() {}, onFailure() {} });
 * assertEquals(await Array.fromAsync(dialog), ["hello"]);
 * dialog.print(["Bye"]);
 * assertEquals(screen.endsWith("\x1b[KBye\r\n"), true);
 * ```
 */
export class TerminalDialog implements AsyncIterable<string>, Disposable {
  readonly #terminal: Terminal;
  readonly #options: DialogOptions;
  readonly #unwatch: () => void;
  readonly #editor = new LineEditor();
  #prompt: string;
  /** The row on the screen, and how wide the screen was when it was drawn. */
  #row: Row = { before: "", after: "" };
  #columns = 0;
  /** Lines that were entered and not taken yet, and how long they are. */
  #lines: string[] = [];
  #waiting = 0;
  #wake: () => void = () => {};
  #open = true;

  /**
   * Makes the terminal raw and draws the prompt.
   *
   * @param terminal The terminal. Nobody else may read from it or write to it
   * before the dialog is closed.
   * @param options The prompt, and whom to tell of what is no line.
   */
  constructor(terminal: Terminal, options: DialogOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#prompt = options.question ?? options.prompt;
    terminal.setRaw(true);
    this.#unwatch = terminal.watch(() => {
      // While a program is stopped, others use its terminal as they like.
      terminal.setRaw(true);
      this.#show();
    });
    this.#show();
    this.#read().then(() => this.close(), (error) => {
      this.close();
      options.onFailure(error);
    });
  }

  /**
   * Prints whole lines.
   *
   * @param lines The lines, without their line ends. What is in them is obeyed:
   * give lines of a peer to `printable` first.
   */
  print(lines: Iterable<string>): void {
    const text = Array.from(lines, (line) => `${line}\r\n`).join("");
    if (text !== "") this.#show(text);
  }

  /**
   * The lines that are typed, until Ctrl+D is pressed on an empty one, or the
   * dialog is closed. They wait until they are taken, up to 1 048 576 characters
   * of them.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    while (true) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        this.#waiting -= line.length + 1;
        yield line;
      } else if (this.#open) {
        await new Promise<void>((resolve) => this.#wake = resolve);
      } else return;
    }
  }

  /**
   * Leaves the terminal as it was found. A line that is not complete stays on
   * the screen. Lines can be printed afterwards.
   */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { before, after } = this.#editor;
    this.#terminal.write(before + after === "" ? ERASE : "\r\n");
    this.#unwatch();
    this.#terminal.setRaw(false);
    this.#wake();
  }

  /** The same as {@linkcode TerminalDialog.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Reads keys until no more will be typed. */
  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    while (true) {
      const count = await this.#terminal.read(buffer);
      if (count === null || !this.#open) return;
      const dropped = this.#editor.dropped;
      const typed = this.#editor.push(buffer.subarray(0, count));
      const stop = this.#take(typed, this.#editor.dropped > dropped);
      if (stop === "interrupt") this.#options.onInterrupt();
      if (stop === "end") return;
    }
  }

  /** Takes the lines in front of anything else, and returns what that is. */
  #take(typed: Typed[], full: boolean): Typed["kind"] | undefined {
    let above = full ? "\x07" : ""; // The bell: there was no room for a key.
    const stop = typed.find(({ kind }) => kind !== "line");
    for (const event of typed) {
      if (event.kind !== "line") break;
      above += `${this.#prompt}${event.text}\r\n`;
      this.#prompt = this.#options.prompt;
      this.#lines.push(event.text);
      this.#waiting += event.text.length + 1;
    }
    this.#show(above);
    if (this.#waiting > MAX_WAITING) throw new TypedAheadError(MAX_WAITING);
    this.#wake();
    return stop?.kind;
  }

  /** Prints `above`, and draws the row under it, in one write. */
  #show(above = ""): void {
    if (!this.#open) return this.#terminal.write(above);
    const columns = this.#terminal.columns() || 80;
    const erase = columns < this.#columns
      ? eraseBroken(this.#row, columns)
      : above === ""
      ? "" // The row is drawn over what is there: erased first, it flickers.
      : ERASE;
    const { before, after } = this.#editor;
    this.#columns = columns;
    this.#row = layOut(this.#prompt, { before, after }, columns);
    this.#terminal.write(erase + above + drawRow(this.#row));
  }
}
