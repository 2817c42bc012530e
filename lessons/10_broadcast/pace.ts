/**
 * What keeps one client from saying more than all the others can read.
 *
 * @module
 */
import type { Room } from "./room.ts";

/** How many characters a client may say in a second without waiting. */
const FREE = 65_536;

/** How long, in milliseconds, it then waits for the others at most. */
const PATIENCE = 500;

/** How much one client has said of late. */
export class Pace {
  readonly #room: Room;
  #said = 0;
  #since = performance.now();

  constructor(room: Room) {
    this.#room = room;
  }

  /**
   * Counts what the client has said. If that is too much for a second, it waits
   * until nobody in the room is behind. Do not read from the client meanwhile:
   * then its own writes have to wait.
   */
  async keep(length: number): Promise<void> {
    const now = performance.now();
    if (now - this.#since > 1000) this.#start(now);
    this.#said += length;
    if (this.#said <= FREE) return;
    await this.#room.catchUp(PATIENCE);
    this.#start(performance.now());
  }

  #start(now: number): void {
    this.#since = now;
    this.#said = 0;
  }
}
