/**
 * Frames: how fast payloads go through memory. Divide the bytes in the name of
 * a group by the time of a run for the throughput.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { encodeFrame, readFrames } from "../../lib/frames.ts";
import { readerOf } from "./chunks.ts";

const LARGE = new Uint8Array(65_536);
const SMALL = new Uint8Array(16);

async function count(stream: Uint8Array): Promise<number> {
  let payloads = 0;
  for await (const _ of readFrames(readerOf([stream]))) payloads++;
  return payloads;
}

{
  const group = "64 MiB: 1024 payloads of 64 KiB";
  const stream: Uint8Array = concat(new Array(1024).fill(encodeFrame(LARGE)));

  Deno.bench("encodeFrame()", { group, baseline: true }, () => {
    for (let i = 0; i < 1024; i++) encodeFrame(LARGE);
  });

  Deno.bench("readFrames()", { group }, async () => {
    if (await count(stream) !== 1024) throw new Error("A frame is missing");
  });
}

{
  const group = "100 000 payloads of 16 bytes";
  const stream: Uint8Array = concat(
    new Array(100_000).fill(encodeFrame(SMALL)),
  );

  Deno.bench("encodeFrame()", { group, baseline: true }, () => {
    for (let i = 0; i < 100_000; i++) encodeFrame(SMALL);
  });

  Deno.bench("readFrames()", { group }, async () => {
    if (await count(stream) !== 100_000) throw new Error("A frame is missing");
  });
}
