/**
 * The frames server under test, and clients of it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { writeAll } from "../../lib/bytes.ts";
import { encodeFrame } from "../../lib/frames.ts";
import { sha256 } from "../../lessons/04_frames/sha256.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { type Program, startScript } from "../program.ts";

const encoder = new TextEncoder();

export function startServer(...args: string[]): Program {
  return startScript("lessons/04_frames/frames_server.ts", [
    "--port",
    "0",
    ...args,
  ]);
}

export async function connect(server: Program): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  return conn;
}

/** Sends `chunks`, one write each, then no more; returns the whole reply. */
export async function replyTo(
  server: Program,
  ...chunks: Uint8Array[]
): Promise<Uint8Array> {
  using client = await connect(server);
  for (const chunk of chunks) await writeAll(client, chunk);
  await client.closeWrite();
  return await within("the reply", readAll(client));
}

/** The reply that is due to these payloads: a frame with the hash of each. */
export async function hashFrames(
  ...payloads: Uint8Array[]
): Promise<Uint8Array> {
  const frames: Uint8Array[] = [];
  for (const payload of payloads) {
    frames.push(encodeFrame(encoder.encode(await sha256(payload))));
  }
  return concat(frames as Uint8Array<ArrayBuffer>[]);
}

export async function assertServes(server: Program): Promise<void> {
  const payload = encoder.encode("still there?");
  assertEquals(
    await replyTo(server, encodeFrame(payload)),
    await hashFrames(payload),
  );
}
