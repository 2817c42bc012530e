/**
 * What there is to see where the bytes are messages: lessons 03, 04 and 08.
 *
 * A message that is cut in two goes like this: its beginning is sent in one
 * write with the message before it, and its rest when the reply to that one has
 * come. So the beginning has been read by then, and no read can bring both.
 *
 * @module
 */
import { encodeFrame } from "../../../lib/frames.ts";
import type { Connect } from "./demos.ts";
import { pause } from "./pause.ts";

const encoder = new TextEncoder();

/** 03: writes and lines, and how little one has to do with the other. */
export async function lines(connect: Connect): Promise<void> {
  const client = await connect();
  // One write a line.
  await client.send("hello\n");
  await client.receive("1: hello\n");
  await pause();
  await client.send("world\n");
  await client.receive("2: world\n");
  await pause();

  // Two lines in one write.
  await client.send("good\nmorning\n");
  await client.receive("4: morning\n");
  await pause();

  // One line in two writes.
  await client.send("half\na li");
  await client.receive("5: half\n");
  await pause();
  await client.send("ne\n");
  await client.receive("6: a line\n");
  await pause();

  // A character in two writes: the euro sign is the bytes E2 82 AC.
  const price = encoder.encode("price\n3 €\n");
  await client.send(price.subarray(0, 9));
  await client.receive("7: price\n");
  await pause();
  await client.send(price.subarray(9));
  await client.receive("8: 3 €\n");
  await pause();

  // A tail without its newline is no line, and gets no reply.
  await client.send("bye\nand one more th");
  await client.receive("9: bye\n");
  await client.halfClose();
  await client.receiveEnd();
}

/** A reply of lesson 04: a length, and the 64 characters of a hash. */
const REPLY = 4 + 64;

/** 04: frames, however they are cut. */
export async function frames(connect: Connect): Promise<void> {
  const client = await connect();
  const hello = encodeFrame(encoder.encode("hello"));
  const world = encodeFrame(encoder.encode("world"));
  // One write a frame; and one without a payload, which is a message too.
  await client.send(hello);
  await client.receive(REPLY);
  await pause();
  await client.send(encodeFrame(new Uint8Array()));
  await client.receive(REPLY);
  await pause();

  // Two frames in one write.
  await client.send(joined(hello, world));
  await client.receive(2 * REPLY);
  await pause();

  // A frame cut in its header: two of the four bytes of the length.
  await client.send(joined(hello, world.subarray(0, 2)));
  await client.receive(REPLY);
  await pause();
  await client.send(world.subarray(2));
  await client.receive(REPLY);
  await pause();

  // A frame cut in its payload. Newlines and zeros in it mean nothing.
  const bytes = encodeFrame(Uint8Array.of(0x89, 0x50, 0x0a, 0x00, 0xff, 0x0a));
  await client.send(joined(hello, bytes.subarray(0, 7)));
  await client.receive(REPLY);
  await pause();
  await client.send(bytes.subarray(7));
  await client.receive(REPLY);
  await pause();

  // The end in the middle of a frame: 3 of its 9 bytes. No reply to that.
  await client.send(world.subarray(0, 3));
  await client.halfClose();
  await client.receiveEnd();
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** 08: a reply to every message, not to every read. */
export async function helpdesk(connect: Connect): Promise<void> {
  const client = await connect();
  await client.send("Hello, can you help?\n");
  await client.receive("Hello, can you help?\n");
  await pause();

  // Three messages in one write, three acknowledgements.
  await client.send("My name is Ann\nI have a problem\nIt is my account\n");
  await client.receive("It is my account\n");
  await pause();

  // No newline. The server waits for the rest of the message, and then takes
  // what there is for a message: a patch, not a protocol.
  await client.send("Thank you, goodbye");
  await client.receive("Thank you, goodbye\n");
  await pause();
  await client.halfClose();
  await client.receiveEnd();
}
