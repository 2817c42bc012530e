/**
 * The terminal: a whole screen that is drawn anew, and keys.
 *
 * @module
 */
import { KeyDecoder } from "../../lib/keys.ts";
import { cutOff } from "./layout.ts";

/** How large a terminal is. */
export interface Size {
  columns: number;
  rows: number;
}

/** Where a terminal does not know its size. */
const USUAL: Size = { columns: 80, rows: 24 };

/** The second screen, without a cursor; and back to what was there before. */
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";

/** The screen of this terminal. Let go of it, and all is as it was before. */
export class Screen implements Disposable {
  readonly #onResize: () => void;
  #open = false;

  /**
   * Takes the terminal over.
   *
   * @param onResize Is called when all has to be drawn anew.
   */
  constructor(onResize: () => void) {
    this.#onResize = onResize;
    this.#enter();
    for (const signal of redrawn) Deno.addSignalListener(signal, this.#redraw);
  }

  readonly #redraw = () => {
    if (!this.#open) return;
    Deno.stdin.setRaw(true); // Another program may have had it meanwhile.
    this.#onResize();
  };

  /** How large it is now. */
  get size(): Size {
    try {
      const { columns, rows } = Deno.consoleSize();
      return columns > 0 && rows > 0 ? { columns, rows } : USUAL;
    } catch {
      return USUAL;
    }
  }

  /** Shows these rows, from the top. What is too wide or too much is cut off. */
  draw(lines: string[]): void {
    if (!this.#open) return;
    const { rows, columns } = this.size;
    const shown = lines.slice(0, rows).map((line) =>
      // A styled line is known to fit: its escape sequences have no width.
      // Erased first: behind a full row that would take its last column.
      `\x1b[K${line.includes("\x1b") ? line : cutOff(line, columns)}`
    );
    write(`\x1b[?7l\x1b[H${shown.join("\r\n")}\x1b[J\x1b[?7h`);
  }

  /** The keys that are pressed: characters, and names as `up` and `ctrl-c`. */
  async *keys(): AsyncGenerator<string, void, void> {
    const decoder = new KeyDecoder();
    const buffer = new Uint8Array(1024);
    while (true) {
      const count = await Deno.stdin.read(buffer);
      if (count === null) return;
      for (const key of decoder.push(buffer.subarray(0, count))) {
        yield "name" in key ? key.name : key.character;
      }
    }
  }

  /** Lets another program have the terminal until `use` is over. */
  async lend(use: () => Promise<void>): Promise<void> {
    this.#leave();
    try {
      await use();
    } finally {
      this.#enter();
      this.#onResize();
    }
  }

  #enter(): void {
    Deno.stdin.setRaw(true);
    write(ENTER);
    this.#open = true;
  }

  #leave(): void {
    this.#open = false;
    write(LEAVE);
    Deno.stdin.setRaw(false);
  }

  [Symbol.dispose](): void {
    for (const signal of redrawn) {
      Deno.removeSignalListener(signal, this.#redraw);
    }
    if (this.#open) this.#leave();
  }
}

/** When the screen has to be drawn anew. Windows has neither of the signals. */
const redrawn: Deno.Signal[] = Deno.build.os === "windows"
  ? []
  : ["SIGWINCH", "SIGCONT"];

function write(text: string): void {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(Deno.stdout.writeSync(pending));
  }
}
