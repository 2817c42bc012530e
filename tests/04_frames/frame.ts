/**
 * Frames as a client of exercise 04 sends and gets them.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import type { Peer } from "../grader/peer.ts";
import { bytesOf, type Data } from "../grader/wire.ts";

/** A length of 4 bytes, most significant first. */
export function header(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

/** The frame of a message. */
export function frame(message: Data): Uint8Array {
  const bytes = bytesOf(message);
  return joined([header(bytes.length), bytes]);
}

/** What the server has to answer to it. */
export function answer(message: Data): Uint8Array {
  return frame(bytesOf(message).toReversed());
}

/** All of them, one behind the other. */
export function joined(parts: Uint8Array[]): Uint8Array {
  return concat(parts);
}

/** Sends a frame, in one piece, and waits for its answer. */
export async function exchange(client: Peer, message: Data): Promise<void> {
  await client.send(frame(message));
  await client.expect(answer(message));
}
