/**
 * What goes to an echo server and comes back.
 *
 * @module
 */
import type { Peer } from "../grader/peer.ts";
import { letters, type Random } from "../grader/random.ts";

/** So many bytes are more than the systems keep of what nobody reads. */
export const MUCH = 6_000_000;

/** More than the buffer that a server reads into. */
export const MANY = 70_000;

/** Sends a word, or so many letters, and waits for the echo. */
export async function exchange(
  client: Peer,
  random: Random,
  length?: number,
): Promise<void> {
  const text = length === undefined ? random.word() : letters(random, length);
  await client.send(text);
  await client.expect(text);
}
