/**
 * How much waits in the program for a client that does not read.
 *
 * @module
 */
import type { Wire } from "../grader/wire.ts";

/**
 * How many of `sent` bytes neither the system of the program nor that of the
 * client has: so many wait in the program. It may be too much by what has come
 * to the client's own process, some 100 000 bytes.
 *
 * @returns `undefined` where that cannot be known: the program is on another
 * machine, or the system is not Linux.
 */
export async function waitingInProgram(
  client: Wire,
  sent: number,
): Promise<number | undefined> {
  const program = await client.queues();
  const own = await client.queues("grader");
  if (program === undefined || own === undefined) return undefined;
  return Math.max(0, sent - program.unsent - own.unread);
}
