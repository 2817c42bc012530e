/**
 * What the text of lesson 10 says, shown.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import {
  bytesOf,
  replyTo,
  startClient,
  startServer,
  textOf,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import { singleBytes } from "../lib/chunks.ts";
import { connectedPair, connectResetting, readAll } from "../loopback.ts";
import { assertCodeIsIn } from "../page_code.ts";
import { ROOT } from "../program.ts";
import {
  BROADCAST_SERVER,
  come,
  DIRECT_SERVER,
  join,
  talkUntilStuck,
  TEXT,
  wakeUntil,
  WELCOME,
} from "./session.ts";

const LESSON = "lessons/10_broadcast";
const STUB = `${LESSON}/exercise.ts`;

Deno.test("every line of code on the page is a line of the programs", async () => {
  const page = await Deno.readTextFile(new URL(`${LESSON}/README.md`, ROOT));
  const files = [BROADCAST_SERVER, DIRECT_SERVER, `${LESSON}/room.ts`];
  await assertCodeIsIn(page, files);
});

Deno.test("two writes at once on one connection mix their bytes", async () => {
  using pair = await connectedPair();
  const size = 8 * 1024 * 1024; // More than the system takes at once.
  const writing = Promise.all(
    ["a", "b"].map((letter) =>
      writeAll(pair.client, new Uint8Array(size).fill(letter.charCodeAt(0)))
    ),
  ).then(() => pair.client.closeWrite());
  const text = textOf(await within("all of it", readAll(pair.server)));
  await writing;
  assertEquals(text.length, 2 * size);
  assertEquals(/^(a+b+|b+a+)$/.test(text), false);
});

Deno.test("a write succeeds though nobody reads a byte of it", async () => {
  using pair = await connectedPair();
  await within("the write", writeAll(pair.client, new Uint8Array(500_000)));
});

Deno.test("the exercise speaks the protocol, at every chunking", async () => {
  await using server = startServer(STUB);
  const bytes = bytesOf("Ada\r\nhé€\n\nnot said");
  for (const chunks of [[bytes], singleBytes(bytes)]) {
    assertEquals(
      textOf(await replyTo(server, ...chunks)),
      `${WELCOME}\nHello Ada! You can chat now.\nAda: hé€\nAda: \n`,
    );
  }
  using ada = await join(server, "Ada");
  using unnamed = await come(server);
  using bob = await come(server);
  await bob.send(" \nhello\n");
  const name = bob.peer;
  assertEquals(await ada.lines(2), [
    `${name} has joined the chat.`,
    `${name}: hello`,
  ]);
  bob[Symbol.dispose]();
  assertEquals(await ada.line(), `${name} has left the chat.`);
  await unnamed.conn.closeWrite();
  assertEquals(await unnamed.rest(), [WELCOME]);
  assertEquals(server.stderr.text, "");
});

Deno.test("the exercise is hurt by clients that reset, but does not end", async () => {
  await using server = startServer(STUB);
  for (const sent of ["", "Bo", "Bob\n", "Bob\nhello\nhalf a li"]) {
    const client = await connectResetting(await server.port());
    if (sent !== "") await client.write(bytesOf(sent));
    await client.reset();
  }
  using ada = await come(server);
  assertEquals(await ada.line(), WELCOME);
  assertEquals(server.stderr.text, "");
});

Deno.test("the exercise is stopped by one that does not read", async () => {
  await using server = startServer(STUB);
  using sleeper = await join(server, "Sleeper");
  using ada = await join(server, "Ada");
  const stuck = await talkUntilStuck(server, ada, "Ada");
  assertEquals(await wakeUntil(sleeper, stuck.line), `Ada: ${TEXT}`);
});

Deno.test("the exercise works with the client that its page names", async () => {
  await using server = startServer(STUB);
  const client = "lessons/09_chat/chat_client.ts";
  await using ada = startClient(client, await server.port(), "--name", "Ada");
  await ada.stdout.match(/Hello Ada! You can chat now\.\n/);
  await ada.type("is it right?\n");
  await ada.stdout.match(/Ada: is it right\?\n/);
  await ada.endInput();
  assertEquals((await ada.ending()).code, 0);
  await server.stdout.match(/Ada left from /);
});
