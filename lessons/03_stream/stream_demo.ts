/**
 * What was written, and what each read returned: TCP keeps the bytes and their
 * order, and knows nothing of where a write ended.
 *
 * Run: deno task stream-demo        It needs no second terminal.
 *
 * @module
 */
import { assert, assertEquals } from "jsr:@std/assert@^1";
import { writeAll } from "../../lib/bytes.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { LineSplitter } from "../../lib/lines.ts";
import { runProgram } from "../../lib/program.ts";

/** A way to send, and to read what was sent. */
export interface Way {
  title: string;
  /** What each write gets. */
  writes: Uint8Array[];
  /** Whether the other side reads after each write, or only after the last. */
  pauses: boolean;
  /** How many bytes one read may bring. */
  bufferSize: number;
}

/**
 * Sends the writes over a connection of this program to itself, and returns
 * what each read of the other end brought.
 */
export async function transfer(way: Way): Promise<Uint8Array[]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using sender = await Deno.connect({
    hostname: "127.0.0.1",
    port: listener.addr.port,
  });
  using receiver = await listener.accept();
  sender.setNoDelay(); // Send at once, do not collect small writes first.

  const reads: Uint8Array[] = [];
  const buffer = new Uint8Array(way.bufferSize);
  let due = 0;
  for (const [index, bytes] of way.writes.entries()) {
    await writeAll(sender, bytes);
    due += bytes.length;
    if (!way.pauses && index < way.writes.length - 1) continue;
    // The pause between two writes is a wait for the bytes, not for the clock.
    while (due > 0) {
      const count = await receiver.read(buffer);
      if (count === null) break;
      reads.push(buffer.slice(0, count));
      due -= count;
    }
  }
  return reads;
}

/** The writes above, the reads below, each byte under itself. */
export function picture(writes: Uint8Array[], reads: Uint8Array[]): string {
  return `write   ${boxes(writes)}\nread    ${boxes(reads)}`;
}

function boxes(parts: Uint8Array[]): string {
  // One column between two bytes, with or without a cut: so they stay aligned.
  return `|${parts.map((part) => Array.from(part, show).join(" ")).join("|")}|`;
}

function show(byte: number): string {
  if (byte === 0x0a) return "\\n";
  if (byte > 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return byte.toString(16).toUpperCase().padStart(2, "0");
}

/** What you get if you take each read for a message. */
export function decodeEach(reads: Uint8Array[]): string[] {
  return reads.map((chunk) => new TextDecoder().decode(chunk));
}

/** What you get if you keep the bytes until a newline has come. */
export function splitLines(reads: Uint8Array[]): string[] {
  const splitter = new LineSplitter();
  return reads.flatMap((chunk) => splitter.push(chunk));
}

const MESSAGES = "hello\nworld\n";

export const WAYS: Way[] = [
  {
    title: "One write a message, a read after each write",
    writes: encodeEach("hello\n", "world\n"),
    pauses: true,
    bufferSize: 1024,
  },
  {
    title: "One write a message, no read before the last write",
    writes: encodeEach("hello\n", "world\n"),
    pauses: false,
    bufferSize: 1024,
  },
  {
    title: "Both messages in one write",
    writes: encodeEach(MESSAGES),
    pauses: false,
    bufferSize: 1024,
  },
  {
    title: "Both messages in one write, a read may bring 4 bytes",
    writes: encodeEach(MESSAGES),
    pauses: false,
    bufferSize: 4,
  },
  {
    title: "One write a byte, a read after each write",
    writes: encodeEach(...MESSAGES),
    pauses: true,
    bufferSize: 1024,
  },
  {
    title: "One write a byte, no read before the last write",
    writes: encodeEach(...MESSAGES),
    pauses: false,
    bufferSize: 1024,
  },
  {
    // The sign of the euro is one character and three bytes: E2 82 AC.
    title: "A character split in two, a read after each write",
    writes: [
      new Uint8Array([0x33, 0xe2]),
      new Uint8Array([0x82, 0xac, 0x0a]),
    ],
    pauses: true,
    bufferSize: 1024,
  },
];

function encodeEach(...texts: string[]): Uint8Array[] {
  return texts.map((text) => new TextEncoder().encode(text));
}

/** The whole account of one way. */
export function account(way: Way, reads: Uint8Array[]): string {
  const quoted = (texts: string[]) =>
    texts.map((text) => JSON.stringify(text)).join(" ");
  return `${picture(way.writes, reads)}
chunks  ${quoted(decodeEach(reads))}
lines   ${quoted(splitLines(reads))}`;
}

if (import.meta.main) {
  flagsOrExit({
    command: "deno task stream-demo",
    about: "Shows what was written next to what each read returned.",
    flags: {},
  });

  await runProgram(async () => {
    console.log("write, read: what each write got and each read returned.");
    console.log("chunks: each read taken for a message.");
    console.log("lines: the same reads, with LineSplitter in between.");
    for (const [index, way] of WAYS.entries()) {
      const reads = await transfer(way);
      console.log(`\n${index + 1}. ${way.title}`);
      console.log(account(way, reads).replace(/^/gm, "   "));
    }
    console.log("\nThe bytes and their order are always the same.");
    console.log("Where the reads cut them may be different next time.");
  }, {
    address: { hostname: "127.0.0.1", port: 0 },
    farewell: "Demo stopped",
  });
}

Deno.test("the picture shows each byte under itself", () => {
  assertEquals(
    picture(
      encodeEach("hello\n", "world\n"),
      encodeEach("hel", "lo\nworld\n"),
    ),
    "write   |h e l l o \\n|w o r l d \\n|\n" +
      "read    |h e l|l o \\n w o r l d \\n|",
  );
});

Deno.test("the picture shows the bytes of a split character as numbers", () => {
  assertEquals(
    picture([new Uint8Array([0x33, 0xe2, 0x82, 0xac, 0x0a])], [
      new Uint8Array([0x33, 0xe2]),
      new Uint8Array([0x82, 0xac, 0x0a]),
    ]),
    "write   |3 E2 82 AC \\n|\n" +
      "read    |3 E2|82 AC \\n|",
  );
});

Deno.test("bytes, order and lines are kept, however it is sent and read", async () => {
  const join = (parts: Uint8Array[]) => parts.flatMap((part) => [...part]);
  for (const way of WAYS) {
    for (const bufferSize of [way.bufferSize, 1, 7]) {
      const reads = await transfer({ ...way, bufferSize });
      assertEquals(join(reads), join(way.writes));
      assert(reads.every((chunk) => chunk.length <= bufferSize));
      const text = new TextDecoder().decode(new Uint8Array(join(way.writes)));
      assertEquals(splitLines(reads), text.split("\n").slice(0, -1));
    }
  }
});

Deno.test("text that is decoded chunk by chunk breaks a split character", () => {
  const reads = [
    new Uint8Array([0x33, 0xe2]),
    new Uint8Array([0x82, 0xac, 0x0a]),
  ];
  assertEquals(decodeEach(reads).join(""), "3\ufffd\ufffd\ufffd\n");
  assertEquals(splitLines(reads), ["3€"]);
});
