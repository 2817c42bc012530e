/**
 * What there is to see in a room: lessons 09, 10 and 11.
 *
 * Whoever leaves waits for the server's end, so that the names are free again
 * for the next time.
 *
 * @module
 */
import type { DemoClient } from "./client.ts";
import type { Connect } from "./demos.ts";
import { pause } from "./pause.ts";

/** 09: what one says, all others read. */
export async function chat(connect: Connect): Promise<void> {
  const ann = await connect();
  await ann.send("Ann\n"); // Her name. There is no reply to it.
  await pause();

  // His name and what he says in one write.
  const bob = await connect();
  await bob.send("Bob\nhello\n");
  await ann.receive("Bob: hello\n");
  await pause();
  const cyd = await connect();
  await cyd.send("Cyd\n");
  await all([ann, bob], "SERVER: Cyd has joined the chat.\n");
  await pause();

  await ann.send("good morning\n");
  await all([bob, cyd], "Ann: good morning\n");
  await pause();
  await bob.reset();
  await all([ann, cyd], "SERVER: Bob has left the chat.\n");
  await pause();

  for (const client of [cyd, ann]) {
    await client.send("EXIT\n");
    await client.receive("DONE\n");
    await client.receiveEnd();
    await client.close();
  }
}

/** 10: what one says, everybody reads, the speaker too. */
export async function broadcast(connect: Connect): Promise<void> {
  const ada = await join("Ada");
  const bob = await join("Bob");
  await ada.receive("Bob has joined the chat.\n");
  const cyd = await join("Cyd");
  await all([ada, bob], "Cyd has joined the chat.\n");

  await ada.send("good morning\n");
  await all([ada, bob, cyd], "Ada: good morning\n");
  await pause();
  await bob.reset();
  await all([ada, cyd], "Bob has left the chat.\n");
  await pause();

  for (const client of [cyd, ada]) {
    await client.halfClose();
    await client.receiveEnd();
  }

  async function join(name: string): Promise<DemoClient> {
    const client = await connect();
    await client.receive("Welcome! Enter your name:\n");
    await client.send(`${name}\n`);
    await client.receive(`Hello ${name}! You can chat now.\n`);
    await pause();
    return client;
  }
}

/** 11: what is said goes to the others; what begins with a slash is done. */
export async function sandbox(connect: Connect): Promise<void> {
  const anna = await join("Anna");
  const ben = await join("Ben");
  await anna.receive("SERVER: Ben has joined the chat.\n");

  await anna.send("Hello Ben!\n");
  await ben.receive("Anna: Hello Ben!\n");
  await pause();
  await anna.send("/me waves\n");
  await all([anna, ben], "* Anna waves\n");
  await pause();

  // Two commands in one write; one is answered to all, the other to him.
  await ben.send("/nick Benno\n/who\n");
  await all([anna, ben], "SERVER: Ben is now Benno\n");
  await ben.receive("here: Anna, Benno\n");
  await pause();
  await ben.reset();
  await anna.receive("SERVER: Benno has left the chat.\n");
  await pause();

  await anna.send("/quit\n");
  await anna.receive("SERVER: Goodbye.\n");
  await anna.receiveEnd();
  await anna.close();

  async function join(name: string): Promise<DemoClient> {
    const client = await connect();
    await client.send(`${name}\n`);
    await client.receive(`Hello ${name}! /help lists the commands.\n`);
    await pause();
    return client;
  }
}

/** Waits until each of them has read a line. */
async function all(clients: DemoClient[], line: string): Promise<void> {
  await Promise.all(clients.map((client) => client.receive(line)));
}
