/**
 * The frames server under test.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { sha256 } from "../../lessons/04_frames/sha256.ts";
import { encodeFrame } from "../../lib/frames.ts";
import { bytesOf, replyTo } from "../conversation.ts";
import type { Program } from "../program.ts";

export const SERVER = "lessons/04_frames/frames_server.ts";

/** The reply that is due to these payloads: a frame with the hash of each. */
export async function hashFrames(
  ...payloads: Uint8Array[]
): Promise<Uint8Array> {
  const frames: Uint8Array[] = [];
  for (const payload of payloads) {
    frames.push(encodeFrame(bytesOf(await sha256(payload))));
  }
  return concat(frames as Uint8Array<ArrayBuffer>[]);
}

export async function assertServes(server: Program): Promise<void> {
  const payload = bytesOf("still there?");
  assertEquals(
    await replyTo(server, encodeFrame(payload)),
    await hashFrames(payload),
  );
}
