/**
 * The room of the broadcast server: who is in it, and how all of them are told
 * something without waiting for any of them.
 *
 * @module
 */
import type { Outbox } from "../../lib/outbox.ts";
import { hello, joined, left } from "./protocol.ts";

const encoder = new TextEncoder();

/** Everybody who has a name. */
export class Room {
  readonly #members = new Set<Outbox>();
  readonly #maxBacklog: number;

  /** Makes an empty room; `maxBacklog` bytes may wait for each member. */
  constructor(maxBacklog: number) {
    this.#maxBacklog = maxBacklog;
  }

  /** Greets the new member, tells the others, and lets it in. */
  join(name: string, member: Outbox): void {
    member.push(encoder.encode(hello(name)));
    this.tell(joined(name));
    this.#members.add(member);
  }

  /** Lets the member go, and tells the rest. */
  leave(name: string, member: Outbox): void {
    this.#members.delete(member);
    this.tell(left(name));
  }

  /** Puts `text` into the outbox of every member. It waits for nobody. */
  tell(text: string): void {
    // Encoded once, and the same array for all: what is left to do for each
    // member is next to nothing.
    const bytes = encoder.encode(text);
    for (const member of this.#members) member.push(bytes);
  }

  /**
   * Waits until nobody has more than half of its backlog waiting, but not for
   * longer than `patience` milliseconds: who does not read at all is not to be
   * waited for.
   */
  async catchUp(patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    while (this.#somebodyIsBehind() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #somebodyIsBehind(): boolean {
    for (const { waiting } of this.#members) {
      if (waiting > this.#maxBacklog / 2) return true;
    }
    return false;
  }
}
