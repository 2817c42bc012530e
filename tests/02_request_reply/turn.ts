/**
 * A client's turn at the server of exercise 02.
 *
 * @module
 */
import type { Peer } from "../grader/peer.ts";
import type { Random } from "../grader/random.ts";
import type { Target } from "../grader/target.ts";
import { bytesOf } from "../grader/wire.ts";

/** Sends a line of its own and waits for the reply: it is this client's turn. */
export async function exchange(client: Peer, random: Random): Promise<void> {
  const word = random.word();
  await client.send(`${word}\n`);
  await client.expect(`ACK: ${word}\n`);
}

/** Connects, and has the server serve this client. */
export async function served(target: Target): Promise<Peer> {
  const client = await target.connect();
  await exchange(client, target.random);
  return client;
}

/**
 * Sends `first` and `second` so that no single read can bring both: a line goes
 * before `first`, and its reply shows that both have been read.
 */
export async function sendInTwoReads(
  client: Peer,
  random: Random,
  first: Uint8Array,
  second: Uint8Array,
): Promise<void> {
  const word = random.word();
  await client.send(new Uint8Array([...bytesOf(`${word}\n`), ...first]));
  await client.expect(`ACK: ${word}\n`);
  await client.send(second);
}
