/**
 * Says to those who do not see the page what is important, and not too often.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Row } from "../row.ts";
import { find } from "./elements.ts";
import { eventText } from "./words.ts";

/** Between two announcements, in milliseconds. */
const APART = 2000;

/** So many events are said one by one. */
const ONE_BY_ONE = 3;

/** Says what happens to connections. */
export class Announcer {
  readonly #place = find("div", "said");
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says it if it is important. */
  see(row: Row): void {
    const { kind } = row;
    if (
      kind === "connect" || kind === "refused" || kind === "end" ||
      kind === "reset"
    ) {
      this.#waiting.push(`Connection ${row.conn}: ${eventText(row)}`);
      // What comes within the same moment is said together.
      this.#timer ??= setTimeout(() => this.#say(), APART);
    }
  }

  #say(): void {
    this.#timer = undefined;
    const { length } = this.#waiting;
    const last = this.#waiting.slice(-ONE_BY_ONE);
    const others = length - last.length;
    const all = others > 0 ? [`${others} other events`, ...last] : last;
    this.#place.textContent = all.join(". ");
    this.#waiting = [];
  }
}
