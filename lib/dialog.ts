/**
 * Typing lines while others are printed: at a terminal, or from one pipe or
 * file to another.
 *
 * @module
 */
import { readLines } from "./lines.ts";
import {
  type DialogOptions,
  type Terminal,
  TerminalDialog,
  TypedAheadError,
} from "./terminal_dialog.ts";

export { TypedAheadError };
export type { DialogOptions };

/** Lines in and lines out, neither of which waits for the other. */
export interface Dialog extends Disposable {
  /** The lines that are typed, until there are no more. Take them once. */
  [Symbol.asyncIterator](): AsyncIterator<string, void, void>;
  /** Prints whole lines. They are obeyed: make those of a peer safe first. */
  print(lines: Iterable<string>): void;
  /** Leaves the terminal as it was found. Lines can be printed afterwards. */
  close(): void;
}

/**
 * Opens the dialog that fits where the program runs.
 *
 * At a terminal it is a {@linkcode TerminalDialog}: a line that is printed
 * never tears the one being typed, which can be edited. Deno itself puts a
 * terminal back however a program ends, but for a signal that nobody listens to.
 *
 * If the input or the output is no terminal, lines are read and printed as they
 * are, with no prompt and no escape sequence. Reading waits for whoever takes
 * the lines; one over 65 536 bytes is a `LineTooLongError`.
 *
 * @param options The prompt, and whom to tell of what is no line.
 *
 * @example A program that says everything again
 * ```ts
 * import { openDialog } from "./dialog.ts";
 *
 * if (import.meta.main) {
 *   using dialog = openDialog({
 *     prompt: "> ",
 *     onInterrupt: () => Deno.exit(),
 *     onFailure: reportError,
 *   });
 *   for await (const line of dialog) dialog.print([line]);
 * }
 * ```
 */
export function openDialog(options: DialogOptions): Dialog {
  if (Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
    return new TerminalDialog(THIS_TERMINAL, options);
  }
  const { question } = options;
  // Somebody may type although what is printed goes elsewhere.
  if (question !== undefined && Deno.stdin.isTerminal()) {
    console.error(question);
  }
  return {
    [Symbol.asyncIterator]: () =>
      readLines(Deno.stdin, { keepUnterminated: true }),
    print(lines) {
      const text = Array.from(lines);
      if (text.length > 0) console.log(text.join("\n"));
    },
    close() {},
    [Symbol.dispose]() {},
  };
}

const THIS_TERMINAL: Terminal = {
  read: (buffer) => Deno.stdin.read(buffer),
  write(text) {
    let pending = new TextEncoder().encode(text);
    while (pending.length > 0) {
      pending = pending.subarray(Deno.stdout.writeSync(pending));
    }
  },
  columns: () => Deno.consoleSize().columns,
  setRaw: (raw) => Deno.stdin.setRaw(raw),
  watch(listener) {
    // Windows has neither; there the next key draws the row for the new width.
    const names: Deno.Signal[] = Deno.build.os === "windows"
      ? []
      : ["SIGWINCH", "SIGCONT"];
    for (const name of names) Deno.addSignalListener(name, listener);
    return () => {
      for (const name of names) Deno.removeSignalListener(name, listener);
    };
  },
};
