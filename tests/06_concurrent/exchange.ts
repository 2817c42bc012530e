/**
 * What goes to an echo server and comes back.
 *
 * @module
 */
import type { Peer } from "../grader/peer.ts";
import type { Random } from "../grader/random.ts";

/** So many bytes are more than the systems keep of what nobody reads. */
export const MUCH = 6_000_000;

/** Sends a word and waits for its echo. */
export async function exchange(client: Peer, random: Random): Promise<void> {
  const word = random.word();
  await client.send(word);
  await client.expect(word);
}
