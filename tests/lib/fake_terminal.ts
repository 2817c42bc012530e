/**
 * A terminal in memory, whose keys are pressed by a test.
 *
 * @module
 */
import { type Terminal, TerminalDialog } from "../../lib/terminal_dialog.ts";
import { within } from "../deadline.ts";
import { Screen } from "./screen.ts";

const encoder = new TextEncoder();

export class FakeTerminal implements Terminal {
  readonly screen: Screen;
  raw = false;
  /** Every write so far. */
  writes: string[] = [];
  /** Chunks that nobody has read yet; `null` is the end. */
  #keys: (Uint8Array | null)[] = [];
  #pressed = Promise.withResolvers<void>();
  #idle = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();
  #changed: (() => void) | null = null;

  constructor(columns = 80) {
    this.screen = new Screen(columns);
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#keys.length === 0) {
      this.#idle.resolve();
      await this.#pressed.promise;
    }
    const chunk = this.#keys.shift() ?? null;
    if (chunk !== null) buffer.set(chunk);
    return chunk?.length ?? null;
  }

  write(text: string): void {
    this.writes.push(text);
    this.screen.write(text);
  }

  columns = () => this.screen.columns;
  setRaw = (raw: boolean) => {
    this.raw = raw;
    if (!raw) this.#released.resolve();
  };
  watch = (listener: () => void) => {
    this.#changed = listener;
    return () => this.#changed = null;
  };

  /** Resolves when the terminal has been left. */
  get released(): Promise<void> {
    return this.#released.promise;
  }

  /** Whether somebody wants to know of changes. */
  get watched(): boolean {
    return this.#changed !== null;
  }

  /** Presses keys; they come in one chunk. `null` hangs up. */
  press(keys: string | Uint8Array | null): void {
    this.#keys.push(typeof keys === "string" ? encoder.encode(keys) : keys);
    this.#pressed.resolve();
    this.#pressed = Promise.withResolvers();
  }

  /** Presses keys, and waits until they have had their effect. */
  async type(keys: string): Promise<void> {
    this.#idle = Promise.withResolvers();
    this.press(keys);
    await within("the dialog to read on", this.#idle.promise);
  }

  resize(columns: number): void {
    this.screen.resize(columns);
    this.#changed?.();
  }

  /** What others do to a terminal while the program is stopped. */
  stopAndContinue(): void {
    this.raw = false;
    this.screen.write("\r\n$ fg\r\n");
    this.#changed?.();
  }
}

/** Opens a dialog at such a terminal. */
export function open(columns?: number, question?: string) {
  const terminal = new FakeTerminal(columns);
  let interrupts = 0;
  const failures: unknown[] = [];
  const dialog = new TerminalDialog(terminal, {
    prompt: "> ",
    question,
    onInterrupt: () => interrupts++,
    onFailure: (error) => failures.push(error),
  });
  return {
    terminal,
    screen: terminal.screen,
    dialog,
    lines: dialog[Symbol.asyncIterator](),
    interrupts: () => interrupts,
    failures,
    [Symbol.dispose]: () => dialog.close(),
  };
}
