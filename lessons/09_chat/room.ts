/**
 * A room: who is in it, and what everybody but the sender is told.
 *
 * Run: deno task chat-server
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { printable } from "../../lib/console.ts";
import type { Outbox } from "../../lib/outbox.ts";

/** How many characters of a nickname are kept. */
const MAX_NAME_LENGTH = 32;

/** Who has more bytes waiting than this is behind: half of what may wait. */
const BEHIND = 512 * 1024;

/**
 * The nickname in a client's first line, `""` if there is none. It stands in
 * front of all that this client says, on the terminals of all others. So it is
 * made safe here, once: control characters are written out, then it is cut.
 */
export function nickname(line: string): string {
  const characters = [...printable(line.trim())];
  return characters.slice(0, MAX_NAME_LENGTH).join("").trim();
}

/**
 * The people in the room, by name, each with what waits to be sent to it.
 *
 * To come, to speak and to go are steps without an await in them. So each runs
 * to its end before anything else happens, and there is no need for a lock.
 */
export class Room {
  readonly #members = new Map<string, Outbox>();

  /** Lets somebody in, as `wanted` or, if that is taken, as `wanted-2`, `-3`... */
  join(wanted: string, outbox: Outbox): string {
    let name = wanted;
    for (let number = 2; this.#isTaken(name); number++) {
      name = `${wanted}-${number}`;
    }
    this.#members.set(name, outbox);
    return name;
  }

  /** The name is free again, and nothing more is queued for who had it. */
  leave(name: string): void {
    this.#members.delete(name);
  }

  /**
   * Puts `text` in the queue of everybody but the sender. The same bytes go in
   * each of them, so they are made once. Returns how many they are.
   */
  tell(text: string, sender: string): number {
    const bytes = new TextEncoder().encode(text);
    for (const [name, outbox] of this.#members) {
      if (name !== sender) outbox.push(bytes);
    }
    return bytes.length;
  }

  /**
   * Waits until nobody is behind, but no longer than `patience` milliseconds:
   * who does not read at all is not to be waited for.
   */
  async catchUp(patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    while (this.#somebodyIsBehind() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #somebodyIsBehind(): boolean {
    return this.#members.values().some(({ waiting }) => waiting > BEHIND);
  }

  /** `SERVER` is: nobody may speak for the server. */
  #isTaken(name: string): boolean {
    return name === "SERVER" || this.#members.has(name);
  }
}

Deno.test("a nickname is trimmed, shown rather than obeyed, and cut", () => {
  assertEquals(nickname("  Ann Lee\t"), "Ann Lee");
  assertEquals(nickname("\x1b[31mAnn"), "\\x1b[31mAnn");
  assertEquals(nickname(" \t"), "");
  assertEquals(nickname("😀".repeat(10_000)), "😀".repeat(32));
});
