/**
 * What a terminal sends when keys are pressed: which bytes are which key.
 *
 * A character comes as UTF-8, a key with Ctrl as a control character, and keys
 * like the arrows as escape sequences
 * ({@link https://invisible-island.net/xterm/ctlseqs/ctlseqs.html | XTerm Control Sequences},
 * {@link https://ecma-international.org/publications-and-standards/standards/ecma-48/ | ECMA-48}).
 *
 * @module
 */
import { printable } from "./console.ts";

/** A key that is no character. `ctrl-a` to `ctrl-z` are not in here. */
export type NamedKey =
  | "enter"
  | "backspace"
  | "delete"
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end";

/** A key that was pressed: a character, which a terminal only shows, or not. */
export type Key = { character: string } | {
  name: NamedKey | `ctrl-${string}`;
};

/** Escape sequences without what introduces them, by key. */
const SEQUENCES = new Map<string, NamedKey>([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["H", "home"],
  ["F", "end"],
  ["1~", "home"],
  ["7~", "home"],
  ["4~", "end"],
  ["8~", "end"],
  ["3~", "delete"],
]);

/** The longest sequence with a meaning, without what introduces it. */
const MAX_SEQUENCE = 16;

/**
 * Turns bytes from a terminal into keys. A character or an escape sequence may
 * come in any number of chunks.
 *
 * Shift, Alt and Ctrl together with another key are dropped, and so is a
 * sequence that is not known. A tab is a space. CR LF is one Enter. Other
 * control characters than Ctrl and a letter, and characters that a terminal
 * obeys rather than shows, are dropped: none of them is ever handed out.
 *
 * @example An arrow that comes in two chunks
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KeyDecoder } from "./keys.ts";
 *
 * const encoder = new TextEncoder();
 * const decoder = new KeyDecoder();
 * assertEquals(decoder.push(encoder.encode("漢\x1b")), [{ character: "漢" }]);
 * assertEquals(decoder.push(encoder.encode("[D\r")), [
 *   { name: "left" },
 *   { name: "enter" },
 * ]);
 * ```
 */
export class KeyDecoder {
  readonly #text = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Where in a sequence we are: behind ESC, ESC O, ESC [, or in none. */
  #state: "none" | "escape" | "single" | "sequence" = "none";
  #sequence = "";
  #afterCr = false;

  /**
   * Takes what was read and returns the keys that it completes.
   *
   * @param chunk Any number of bytes; the caller may use the buffer again.
   */
  push(chunk: Uint8Array): Key[] {
    const keys: Key[] = [];
    for (const character of this.#text.decode(chunk, { stream: true })) {
      const key = this.#take(character);
      if (key !== null) keys.push(key);
    }
    return keys;
  }

  #take(character: string): Key | null {
    const afterCr = this.#afterCr;
    this.#afterCr = character === "\r";
    if (character === "\n" && afterCr) return null;
    // A character that no sequence can have in it ends the sequence.
    if (!/^[ -~]$/.test(character)) this.#state = "none";
    switch (this.#state) {
      case "escape":
        // Alt and a key, or Escape and then a key: ESC, and what the key sends.
        this.#state = "none";
        if (character === "O") this.#state = "single";
        if (character === "[") this.#state = "sequence";
        if (this.#state === "none") break;
        this.#sequence = "";
        return null;
      case "single":
        this.#state = "none";
        return named(character);
      case "sequence":
        // "[" ends none: the console of Linux sends ESC [ [ A for F1.
        if (/[@-Z\\-~]/.test(character)) {
          this.#state = "none";
          return named(this.#sequence + character);
        }
        if (this.#sequence.length < MAX_SEQUENCE) this.#sequence += character;
        return null;
    }
    return this.#plain(character);
  }

  /** A character outside of sequences. */
  #plain(character: string): Key | null {
    switch (character) {
      case "\r":
      case "\n":
        return { name: "enter" };
      case "\t":
        return { character: " " };
      case "\b":
      case "\x7f":
        return { name: "backspace" };
      case "\x1b":
        this.#state = "escape";
        return null;
    }
    if (character >= "\x01" && character <= "\x1a") {
      const letter = String.fromCharCode(character.charCodeAt(0) + 0x60);
      return { name: `ctrl-${letter}` };
    }
    return printable(character) === character ? { character } : null;
  }
}

/** The key of a sequence; `1;5C` is the arrow `C` with Ctrl held down. */
function named(sequence: string): Key | null {
  const name = SEQUENCES.get(sequence.replace(/^1;\d+(?=[A-H])|;\d+(?=~)/, ""));
  return name === undefined ? null : { name };
}
