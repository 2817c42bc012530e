/**
 * The terminal: questions that do not stop the event loop, and text from a
 * peer made safe to print.
 *
 * @module
 */
import { type Reader, writeAll } from "./bytes.ts";
import { readLines } from "./lines.ts";

/**
 * Asks for lines at the terminal, or reads them from whatever the input is.
 *
 * `prompt()` stops the whole program until Enter is pressed: no message can be
 * received and no timer fires meanwhile. This waits like a read of a socket.
 *
 * @example Two lines, the second one without its line end
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LineInput } from "./console.ts";
 *
 * const typed = ["hello\nbye"].map((text) => new TextEncoder().encode(text));
 * const input = new LineInput({
 *   read(buffer) {
 *     const chunk = typed.shift();
 *     if (chunk !== undefined) buffer.set(chunk);
 *     return Promise.resolve(chunk?.length ?? null);
 *   },
 * });
 * assertEquals(await input.ask("Name: "), "hello");
 * assertEquals(await input.ask("Name: "), "bye");
 * assertEquals(await input.ask("Name: "), null);
 * ```
 */
export class LineInput {
  readonly #lines: AsyncIterator<string, void, void>;

  /**
   * Makes a source of lines; take one for the whole program.
   *
   * @param reader Where the lines are typed.
   */
  constructor(reader: Reader = Deno.stdin) {
    this.#lines = readLines(reader, { keepUnterminated: true });
  }

  /**
   * Prints `question` and waits for a line.
   *
   * @param question What to print, without a line end.
   * @returns The line without its line end, or `null` when the input has ended
   * (Ctrl+D, the end of a pipe).
   * @throws {LineTooLongError} If the line is longer than 65 536 bytes.
   */
  async ask(question: string): Promise<string | null> {
    await writeAll(Deno.stdout, new TextEncoder().encode(question));
    const { value } = await this.#lines.next();
    return value ?? null;
  }
}

// What a terminal would obey rather than show: the control characters
// (C0, DEL, C1), and those that turn the direction of the text around them.
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes text that a peer has sent safe to print. Control characters, escape
 * sequences and marks that reverse text are written out (`\x1b`, `\n`) instead
 * of being obeyed. A tab stays.
 *
 * @param text Text from anywhere.
 * @returns One line of text that a terminal only shows.
 *
 * @example A peer that tries to clear the screen
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printable } from "./console.ts";
 *
 * assertEquals(printable("\x1b[2Jhi\n"), "\\x1b[2Jhi\\n");
 * ```
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2
      ? `\\u${code.padStart(4, "0")}`
      : `\\x${code.padStart(2, "0")}`;
  });
}
