/**
 * The ready list: what `select()` returns, as a list that operations put
 * themselves on when they have ended.
 *
 * @module
 */

/** A list of what has happened, and the place where one loop waits for it. */
export class ReadyList<Entry> {
  #entries: Entry[] = [];
  #wake = () => {};

  /** Puts `entry` at the end of the list and wakes the loop. */
  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#wake();
  }

  /**
   * Takes the whole list, and leaves an empty one. Sleeps while there is
   * nothing on it. What is taken is not told again, so handle every entry. Only
   * one loop may wait.
   */
  async take(): Promise<Entry[]> {
    if (this.#entries.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }
}
