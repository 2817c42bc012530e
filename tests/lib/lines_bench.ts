/**
 * Lines: LineSplitter and readLines() next to TextLineStream (@std/streams) and
 * node:readline. Every run of a bench handles all the lines of its group.
 *
 * @module
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { writeAll } from "../../lib/bytes.ts";
import { LineSplitter, readLines } from "../../lib/lines.ts";
import { connectedPair } from "../loopback.ts";

const CHUNK = 65_536;
/** Lines as people send them: 23 bytes on average. */
const LINES = [
  "Hello, can you help?\n",
  "I have a problem with my account\n",
  "Thank you, goodbye\n",
];
const COUNT = 33_333 * LINES.length;
const SHORT = new TextEncoder().encode(LINES.join("").repeat(33_333));
const MEGABYTE = new Uint8Array(1024 * 1024).fill(120);

function cut(bytes: Uint8Array<ArrayBuffer>, size: number) {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    chunks.push(bytes.subarray(start, start + size));
  }
  return chunks;
}

function check(count: number, expected = COUNT): void {
  if (count !== expected) throw new Error(`${count} lines, not ${expected}`);
}

async function countThroughStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<number> {
  let count = 0;
  const lines: ReadableStream<string> = stream
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const _ of lines) count++;
  return count;
}

/* 100 000 lines, in chunks of 64 KiB, in memory. */
{
  const group = "100 000 short lines in memory";
  const chunks = cut(SHORT, CHUNK);

  Deno.bench("LineSplitter", { group, baseline: true }, () => {
    const splitter = new LineSplitter();
    let count = 0;
    for (const chunk of chunks) count += splitter.push(chunk).length;
    check(count);
  });

  Deno.bench("TextLineStream", { group }, async () => {
    check(await countThroughStream(ReadableStream.from(chunks)));
  });

  Deno.bench("node:readline", { group }, async () => {
    const lines = createInterface({ input: Readable.from(chunks) });
    let count = 0;
    lines.on("line", () => count++);
    await new Promise((resolve) => lines.on("close", resolve));
    check(count);
  });
}

async function receive(
  count: (conn: Deno.TcpConn) => Promise<number>,
): Promise<void> {
  using pair = await connectedPair();
  const sent = writeAll(pair.client, SHORT)
    .then(() => pair.client.closeWrite());
  check(await count(pair.server));
  await sent;
}

/* The same lines over a connection. */
{
  const group = "100 000 short lines over loopback";

  // Async functions: of any other, Deno.bench() does not await the result.
  Deno.bench("readLines()", { group, baseline: true }, async () => {
    await receive(async (conn) => {
      let count = 0;
      for await (const _ of readLines(conn)) count++;
      return count;
    });
  });

  Deno.bench("TextLineStream over conn.readable", { group }, async () => {
    await receive((conn) => countThroughStream(conn.readable));
  });
}

/* One line in pieces of 256 bytes: four times as long should take four times. */
for (const megabytes of [1, 4, 16]) {
  const group = `one line of ${megabytes} MiB in pieces of 256 bytes`;
  const chunks = Array.from({ length: megabytes }, () => cut(MEGABYTE, 256))
    .flat();
  const end = new Uint8Array([10]);

  Deno.bench("LineSplitter", { group, baseline: true }, () => {
    const splitter = new LineSplitter({ maxLength: megabytes * 1024 * 1024 });
    for (const chunk of chunks) splitter.push(chunk);
    check(splitter.push(end).length, 1);
  });

  Deno.bench("TextLineStream", { group }, async () => {
    const stream = ReadableStream.from([...chunks, end]);
    check(await countThroughStream(stream), 1);
  });
}
