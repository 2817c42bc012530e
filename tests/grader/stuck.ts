/**
 * Knowing that a program waits in the middle of sending, because the grader
 * does not read.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Patience } from "./patience.ts";
import type { Queues } from "./queues.ts";
import type { Wire } from "./wire.ts";

/** How often the same has to be seen before it is believed. */
const ALIKE = 4;

/**
 * Waits until the program has sent so much to a client that does not read, that
 * its system takes no more. Where that cannot be known (the program is on
 * another machine, or the system is not Linux), or the program does not send
 * that much, it waits a moment: a check must not fail for want of it.
 *
 * @param client One that has stopped reading.
 * @param patience How long to wait for an answer: twice as long without any
 * byte read or sent ends the waiting.
 */
export async function untilStuck(
  client: Wire,
  patience: Patience,
): Promise<void> {
  let last: Queues | undefined;
  let changed = performance.now();
  for (let alike = 0; alike < ALIKE;) {
    await delay(5);
    const now = await client.queues();
    if (now === undefined) return;
    const same = now.unsent === last?.unsent && now.unread === last.unread;
    if (!same) changed = performance.now();
    else if (performance.now() - changed > 2 * patience.limit) return;
    alike = same && now.unsent > 0 ? alike + 1 : 0;
    last = now;
  }
}
