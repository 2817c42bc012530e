/**
 * Real terminals, run by tmux: what a person would type, and what that person
 * would see.
 *
 * @module
 */
import { ROOT } from "./program.ts";

/** How long a test waits for the screen to show something, in milliseconds. */
const LIMIT = 20_000;

/** A tmux server of its own, which is ended with all its terminals. */
export class Tmux implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "tmux-" });
  readonly #env: Record<string, string>;
  #terminals = 0;

  /** Makes a server whose shells have these variables. */
  constructor(env: Record<string, string> = {}) {
    this.#env = {
      LC_ALL: "C.UTF-8",
      NO_COLOR: "1",
      TMUX_TMPDIR: this.#folder, // Its socket is in there.
      ...env,
    };
  }

  /** Gives it a command, and returns what it says. */
  async run(...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-f", "/dev/null", "-L", `test-${Deno.pid}`, ...args],
      env: this.#env,
    }).output();
    if (!success) {
      throw new Error(`tmux ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    }
    return new TextDecoder().decode(stdout);
  }

  /**
   * Opens a terminal with a shell in it, in the folder of the project unless
   * another one is given.
   */
  async open(
    { columns = 80, folder = decodeURIComponent(ROOT.pathname) } = {},
  ): Promise<TmuxTerminal> {
    const name = `terminal-${this.#terminals++}`;
    const size = ["-x", String(columns), "-y", "24"];
    await this.run(
      "new-session",
      "-d",
      "-s",
      name,
      "-c",
      folder,
      ...size,
      "sh",
    );
    const terminal = new TmuxTerminal(this, name);
    // Some shells do not take it from the environment. First another one, to be
    // sure that the one which is seen then is the new one, behind the clear.
    await terminal.enter("PS1='% '");
    await terminal.shows(/(^|\s)%$/);
    await terminal.enter("PS1='$ '; clear");
    await terminal.shows(/^\$$/);
    return terminal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("kill-server").catch(() => {}); // It may not run (any more).
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** One terminal. */
export class TmuxTerminal {
  readonly #tmux: Tmux;
  readonly #name: string;

  constructor(tmux: Tmux, name: string) {
    this.#tmux = tmux;
    this.#name = name;
  }

  /** Types text, as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux.run("send-keys", "-t", this.#name, "-l", "--", text);
  }

  /** Presses keys, by the names that tmux has for them: Enter, Left, C-c. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux.run("send-keys", "-t", this.#name, ...keys);
  }

  /** Pastes the text of a file. */
  async paste(file: string): Promise<void> {
    await this.#tmux.run("load-buffer", file);
    await this.#tmux.run("paste-buffer", "-t", this.#name);
  }

  /** Types a line, and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /**
   * What can be seen: the rows, without blanks at their ends. With `scrolled`,
   * what has left the screen at its top comes before it.
   */
  async screen(scrolled = false): Promise<string> {
    const from = scrolled ? ["-S", "-"] : [];
    const text = await this.#tmux.run(
      ...["capture-pane", "-p", "-t", this.#name, ...from],
    );
    return text.trimEnd();
  }

  /** Waits until what can be seen matches `pattern`. */
  async shows(pattern: RegExp, scrolled = false): Promise<RegExpMatchArray> {
    const deadline = performance.now() + LIMIT;
    while (true) {
      const screen = await this.screen(scrolled);
      const match = screen.match(pattern);
      if (match !== null) return match;
      if (performance.now() > deadline) {
        throw new Error(`Waited ${LIMIT} ms for ${pattern}, saw:\n${screen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The column that the cursor is in, the first one being 0. */
  async column(): Promise<number> {
    const format = ["-p", "-t", this.#name, "#{cursor_x}"];
    return Number(await this.#tmux.run("display-message", ...format));
  }

  async resize(columns: number, rows = 24): Promise<void> {
    const size = ["-x", String(columns), "-y", String(rows)];
    await this.#tmux.run("resize-window", "-t", this.#name, ...size);
  }

  /** Everything that `stty` can set, in a word that may be longer than a row. */
  async settings(): Promise<string> {
    await this.enter('clear; echo "settings $(stty -g)"');
    const [, settings = ""] = await this.shows(/^settings ([^$]+)\n\$$/);
    return settings;
  }
}
