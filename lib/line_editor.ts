/**
 * Editing a line as it is typed, without any input or output.
 *
 * @module
 */
import { firstGrapheme, lastGrapheme } from "./graphemes.ts";
import { type Key, KeyDecoder } from "./keys.ts";

/** What typing has led to. */
export type Typed =
  /** Enter: a line is complete. */
  | { kind: "line"; text: string }
  /** Ctrl+C. */
  | { kind: "interrupt" }
  /** Ctrl+D on an empty line: no more will be typed. */
  | { kind: "end" };

/** Options of {@linkcode LineEditor}. */
export interface LineEditorOptions {
  /**
   * The longest line, in UTF-16 units. The default is at most 49 152 bytes of
   * UTF-8.
   *
   * @default {16_384}
   */
  maxLength?: number;
  /**
   * How many lines are kept to be called back.
   *
   * @default {100}
   */
  maxHistory?: number;
}

/**
 * A line that is being typed, and the lines before it. Push what the keyboard
 * sends, in chunks of any size; take the lines that it completes.
 *
 * | key                    | what it does                                      |
 * | ---------------------- | ------------------------------------------------- |
 * | Left, Right, Ctrl+B, F | move the cursor by a grapheme                     |
 * | Home, End, Ctrl+A, E   | move it to the beginning, to the end              |
 * | Backspace              | takes away the grapheme before the cursor         |
 * | Delete, Ctrl+D         | takes away the one behind it                      |
 * | Ctrl+U, Ctrl+K         | take away all before the cursor, all behind it    |
 * | Ctrl+W                 | takes away the word before the cursor             |
 * | Up, Down, Ctrl+P, N    | call back a line from before, and go forward again |
 * | Enter                  | completes the line, wherever the cursor is        |
 *
 * Other keys do nothing. No control character ever gets into the line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LineEditor } from "./line_editor.ts";
 *
 * const editor = new LineEditor();
 * const left = "\x1b[D";
 * const typed = new TextEncoder().encode(`helo${left}l\rwor`);
 * assertEquals(editor.push(typed), [{ kind: "line", text: "hello" }]);
 * assertEquals(editor.before, "wor");
 * ```
 */
export class LineEditor {
  readonly #maxLength: number;
  readonly #maxHistory: number;
  readonly #keys = new KeyDecoder();
  #before = "";
  #after = "";
  #dropped = 0;
  /** The oldest line first. */
  #history: string[] = [];
  /** Which line of the history is shown; its length: the one being typed. */
  #place = 0;
  /** What was being typed when a line was called back. */
  #draft = "";

  /**
   * Makes an empty line.
   *
   * @param options How long a line may be, how many lines are kept.
   * @throws {RangeError} If `maxLength` is less than 1 or `maxHistory` less
   * than 0.
   */
  constructor(options: LineEditorOptions = {}) {
    const { maxLength = 16_384, maxHistory = 100 } = options;
    if (!(maxLength >= 1)) {
      throw new RangeError(`maxLength must be at least 1, not ${maxLength}`);
    }
    if (!(maxHistory >= 0)) {
      throw new RangeError(`maxHistory must be at least 0, not ${maxHistory}`);
    }
    this.#maxLength = maxLength;
    this.#maxHistory = maxHistory;
  }

  /** The line before the cursor. */
  get before(): string {
    return this.#before;
  }

  /** The line behind the cursor. */
  get after(): string {
    return this.#after;
  }

  /** How many characters the line had no room for, from the beginning on. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Takes what the keyboard has sent.
   *
   * @param chunk Any number of bytes; the caller may use the buffer again.
   * @returns What that has led to, in its order.
   */
  push(chunk: Uint8Array): Typed[] {
    const typed: Typed[] = [];
    for (const key of this.#keys.push(chunk)) {
      const result = this.#press(key);
      if (result !== null) typed.push(result);
    }
    return typed;
  }

  #press(key: Key): Typed | null {
    if ("character" in key) {
      this.#insert(key.character);
      return null;
    }
    switch (key.name) {
      case "enter":
        return { kind: "line", text: this.#enter() };
      case "ctrl-c":
        return { kind: "interrupt" };
      case "ctrl-d":
        if (this.#before + this.#after === "") return { kind: "end" };
        this.#delete();
        break;
      case "delete":
        this.#delete();
        break;
      case "backspace":
        this.#set(cut(this.#before, lastGrapheme(this.#before)), this.#after);
        break;
      case "left":
      case "ctrl-b": {
        const moved = lastGrapheme(this.#before);
        this.#set(cut(this.#before, moved), moved + this.#after);
        break;
      }
      case "right":
      case "ctrl-f": {
        const moved = firstGrapheme(this.#after);
        this.#set(this.#before + moved, this.#after.slice(moved.length));
        break;
      }
      case "home":
      case "ctrl-a":
        this.#set("", this.#before + this.#after);
        break;
      case "end":
      case "ctrl-e":
        this.#set(this.#before + this.#after, "");
        break;
      case "ctrl-u":
        this.#set("", this.#after);
        break;
      case "ctrl-k":
        this.#set(this.#before, "");
        break;
      case "ctrl-w":
        this.#set(cut(this.#before, lastWord(this.#before)), this.#after);
        break;
      case "up":
      case "ctrl-p":
        this.#recall(this.#place - 1);
        break;
      case "down":
      case "ctrl-n":
        this.#recall(this.#place + 1);
        break;
    }
    return null;
  }

  #set(before: string, after: string): void {
    this.#before = before;
    this.#after = after;
  }

  #insert(character: string): void {
    const length = this.#before.length + this.#after.length;
    if (length + character.length > this.#maxLength) this.#dropped++;
    else this.#before += character;
  }

  #delete(): void {
    const after = this.#after.slice(firstGrapheme(this.#after).length);
    this.#set(this.#before, after);
  }

  #enter(): string {
    const text = this.#before + this.#after;
    if (text !== "" && text !== this.#history.at(-1)) this.#history.push(text);
    if (this.#history.length > this.#maxHistory) this.#history.shift();
    this.#place = this.#history.length;
    this.#draft = "";
    this.#set("", "");
    return text;
  }

  #recall(place: number): void {
    if (place < 0 || place > this.#history.length) return;
    if (this.#place === this.#history.length) {
      this.#draft = this.#before + this.#after;
    }
    this.#place = place;
    this.#set(this.#history[place] ?? this.#draft, "");
  }
}

function cut(text: string, end: string): string {
  return text.slice(0, text.length - end.length);
}

/** The last word of `text`, and the blanks behind it. */
function lastWord(text: string): string {
  let start = text.trimEnd().length;
  while (start > 0 && !/\s/.test(text.charAt(start - 1))) start--;
  return text.slice(start);
}
