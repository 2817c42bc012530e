/**
 * The lines server under test.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { bytesOf, replyTo as replyBytesTo, textOf } from "../conversation.ts";
import type { Program } from "../program.ts";

export const SERVER = "lessons/03_stream/lines_server.ts";

/** Sends `chunks`, one write each, then no more; returns the whole reply. */
export async function replyTo(
  server: Program,
  ...chunks: (string | Uint8Array)[]
): Promise<string> {
  const bytes = chunks.map((chunk) =>
    typeof chunk === "string" ? bytesOf(chunk) : chunk
  );
  return textOf(await replyBytesTo(server, ...bytes));
}

export async function assertServes(server: Program): Promise<void> {
  assertEquals(await replyTo(server, "still there?\n"), "1: still there?\n");
}
