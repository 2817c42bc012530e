/**
 * What there is to see where the bytes are no messages: lessons 01, 02, 05, 06
 * and 07.
 *
 * @module
 */
import type { DemoClient } from "./client.ts";
import type { Connect } from "./demos.ts";
import { pause } from "./pause.ts";

/** 01: what goes in comes out, and an end is the end of one direction. */
export async function echo(connect: Connect): Promise<void> {
  const client = await connect();
  await client.send("hello");
  await client.receive(5);
  await pause();

  // Every value that a byte can have. Not text, and it comes back as it was.
  await client.send(Uint8Array.from({ length: 256 }, (_, value) => value));
  await client.receive(256);
  await pause();

  // More than one read of the server brings, and the end right behind it. The
  // client sends no more from here on; what it is owed still comes.
  await client.send("the rest ".repeat(250));
  await client.halfClose();
  await client.receive(2250);
  await client.receiveEnd();
  await pause();
}

/** 02: one asks, the other answers, both close; the server does it first. */
export async function request(connect: Connect): Promise<void> {
  const client = await connect();
  await pause(); // Who begins to speak? The client: the server waits for it.
  await client.send("Hello Server");
  await client.receive("ACK: Hello Server");
  await client.receiveEnd();
  await pause();
  await client.close();
  await pause();
}

/** 05: the second client is connected, and waits until the first has gone. */
export async function inTurn(connect: Connect): Promise<void> {
  const first = await connect();
  await first.send("hello");
  await first.receive(5);
  await pause();

  // No answer: the server has not even accepted this connection.
  const second = await connect();
  await second.send("me too");
  await pause();
  await first.send("still me");
  await first.receive(8);
  await pause();

  // The first goes, and the second gets its answer at once.
  await first.close();
  await second.receive(6);
  await pause();
  await second.halfClose();
  await second.receiveEnd();
}

/** 06: both are answered at once, and the end of one is nothing to the other. */
export async function atOnce(connect: Connect): Promise<void> {
  const first = await connect();
  const second = await connect();
  for (const word of ["one", "two"]) {
    await second.send(`second: ${word}`);
    await first.send(`first: ${word}`);
    await Promise.all([second.receive(11), first.receive(10)]);
    await pause();
  }

  await second.reset();
  await pause();
  await first.send("first: still here");
  await first.receive(17);
  await first.halfClose();
  await first.receiveEnd();
  await pause();
}

/** 07: one loop answers both, with its time in front of theirs. */
export async function timestamps(connect: Connect): Promise<void> {
  const first = await connect();
  await say(first, "Hello");
  const second = await connect();
  await say(second, "World");
  await say(first, "Again");

  // One says goodbye, with the byte 0xFF. The other just ends.
  await first.send(Uint8Array.of(0xff));
  await first.receiveEnd();
  await first.close();
  await pause();
  await second.halfClose();
  await second.receiveEnd();
}

/** Sends a message with the time, and waits for it with the server's time. */
async function say(client: DemoClient, text: string): Promise<void> {
  const time = (Date.now() / 1000).toFixed(6);
  await client.send(`${time}:${text}`);
  // The server answers each read. If two reads have brought the message, its
  // own time stands in the middle of it too. The last letter comes last.
  await client.receive(text.slice(-1));
  await pause();
}
