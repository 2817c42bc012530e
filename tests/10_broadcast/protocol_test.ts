/**
 * The protocol of the lesson, with both servers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { bytesOf, replyTo, startServer, textOf } from "../conversation.ts";
import fc from "../fast_check.ts";
import { chunked, singleBytes } from "../lib/chunks.ts";
import type { Program } from "../program.ts";
import { come, join, SERVERS, WELCOME } from "./session.ts";

for (const [title, script] of SERVERS) {
  const test = (
    promise: string,
    body: (server: Program) => Promise<void>,
  ) =>
    Deno.test(`${title}: ${promise}`, async () => {
      await using server = startServer(script);
      await body(server);
      assertEquals(server.stderr.text, "");
    });

  test("who joins, who leaves and what is said, to whom it goes", async (server) => {
    using ada = await join(server, "Ada");
    using bob = await join(server, "Bob");
    assertEquals(await ada.line(), "Bob has joined the chat.");
    await ada.send("good morning\n");
    assertEquals(await ada.line(), "Ada: good morning");
    assertEquals(await bob.line(), "Ada: good morning");
    using eve = await join(server, "Eve");
    for (const guest of [ada, bob]) {
      assertEquals(await guest.line(), "Eve has joined the chat.");
    }
    bob.conn.close();
    for (const guest of [ada, eve]) {
      assertEquals(await guest.line(), "Bob has left the chat.");
    }
    await server.stdout.match(
      new RegExp(`
Ada joined from ${ada.peer}
Bob joined from ${bob.peer}
Eve joined from ${eve.peer}
Bob left from ${bob.peer}
$`),
    );
  });

  const SENT = "Ada\r\nhé€llo 😀\n\n  two  words \r\na\rb\nnot said";
  const RECEIVED = `${WELCOME}
Hello Ada! You can chat now.
Ada: hé€llo 😀
Ada: 
Ada:   two  words 
Ada: a\rb
`;

  test("the same at every chunking", async (server) => {
    const bytes = bytesOf(SENT);
    const reply = async (chunks: Uint8Array[]) =>
      textOf(await replyTo(server, ...chunks));
    assertEquals(await reply([bytes]), RECEIVED);
    assertEquals(await reply(singleBytes(bytes)), RECEIVED);
    await fc.assert(
      fc.asyncProperty(chunked(fc.constant(bytes)), async ({ chunks }) => {
        assertEquals(await reply(chunks), RECEIVED);
      }),
      { numRuns: 30 },
    );
  });

  test("text goes through as it is; bytes that are no text become U+FFFD", async (server) => {
    const said = [..."\ufeff\x1b[2J\x00\u202e\t"].join("x");
    const reply = await replyTo(
      server,
      bytesOf(`Ada\n${said}\n`),
      new Uint8Array([0x61, 0xff, 0xc3, 0x62, 0x0a]),
    );
    const [, , ...messages] = textOf(reply).split("\n");
    assertEquals(messages, [`Ada: ${said}`, "Ada: a\ufffd\ufffdb", ""]);
  });

  test("who has no name gets the welcome, and nothing else until it has one", async (server) => {
    using unnamed = await come(server);
    assertEquals(await unnamed.line(), WELCOME);
    using ada = await join(server, "Ada");
    await ada.send("can you hear me?\n");
    assertEquals(await ada.line(), "Ada: can you hear me?");
    await unnamed.send("Bob\n");
    assertEquals(await unnamed.line(), "Hello Bob! You can chat now.");
    assertEquals(await ada.line(), "Bob has joined the chat.");
  });

  test("who leaves without a name is not announced", async (server) => {
    using ada = await join(server, "Ada");
    for (const sent of ["", "half a na"]) {
      using unnamed = await come(server);
      await unnamed.send(sent);
      await unnamed.conn.closeWrite();
      assertEquals(await unnamed.rest(), [WELCOME]);
    }
    await ada.send("alone?\n");
    assertEquals(await ada.line(), "Ada: alone?");
  });

  test("a half-close is the end, after all that is owed", async (server) => {
    using ada = await join(server, "Ada");
    using bob = await join(server, "Bob");
    await ada.send("one\ntwo\n");
    assertEquals(await bob.lines(2), ["Ada: one", "Ada: two"]);
    await bob.send("three\nnot sai");
    await bob.conn.closeWrite();
    assertEquals(await bob.rest(), ["Bob: three"]);
    assertEquals(await ada.lines(5), [
      "Bob has joined the chat.",
      "Ada: one",
      "Ada: two",
      "Bob: three",
      "Bob has left the chat.",
    ]);
  });

  test("everybody hears everything once, and in the same order", async (server) => {
    const names = ["Ada", "Bob", "Eve", "Joe", "Mia"];
    const guests = [];
    for (const name of names) guests.push(await join(server, name));
    // Each has heard who joined after it.
    for (const [index, guest] of guests.entries()) {
      await guest.lines(names.length - 1 - index);
    }
    const count = 200;
    const heard = guests.map((guest) => guest.lines(count * names.length));
    await Promise.all(guests.map(async (guest) => {
      for (let number = 0; number < count; number += 4) {
        const numbers = [0, 1, 2, 3].map((more) => `${number + more}\n`);
        await guest.send(numbers.join(""));
      }
    }));
    const [first = [], ...others] = await Promise.all(heard);
    for (const other of others) assertEquals(other, first);
    for (const name of names) {
      const said = Array.from({ length: count }, (_, n) => `${name}: ${n}`);
      const came = first.filter((line) => line?.startsWith(`${name}: `));
      assertEquals(came, said);
    }
    // Nothing else has come, or will: the next is this.
    await guests[0]?.send("the end\n");
    for (const guest of guests) {
      assertEquals(await guest.line(), "Ada: the end");
      guest[Symbol.dispose]();
    }
  });

  test("long lines that are said at the same time arrive whole, and in one order", async (server) => {
    const names = ["Ada", "Bob", "Eve"];
    const guests = [];
    for (const name of names) guests.push(await join(server, name));
    for (const [index, guest] of guests.entries()) {
      await guest.lines(names.length - 1 - index);
    }
    const count = 60; // 11 MB for each of them.
    const text = (number: number) =>
      `${number} ${String.fromCharCode(97 + number % 26).repeat(60_000)}`;
    const sent = guests.map(async (guest) => {
      for (let number = 0; number < count; number++) {
        await guest.send(`${text(number)}\n`);
      }
    });
    const heard = guests.map((guest) => guest.lines(count * names.length));
    const [first = [], ...others] = await Promise.all(heard);
    await Promise.all(sent);
    for (const other of others) assertEquals(other, first);
    for (const name of names) {
      const said = Array.from(
        { length: count },
        (_, n) => `${name}: ${text(n)}`,
      );
      const came = first.filter((line) => line?.startsWith(`${name}: `));
      assertEquals(came, said);
    }
    for (const guest of guests) guest[Symbol.dispose]();
  });
}
