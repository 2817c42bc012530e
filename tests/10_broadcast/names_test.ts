/**
 * Names that people give, and names that are given to hurt; with both servers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { nameFrom } from "../../lessons/10_broadcast/protocol.ts";
import { startServer } from "../conversation.ts";
import { come, join, SERVERS, WELCOME } from "./session.ts";

const PEER = "127.0.0.1:41234";

Deno.test("nameFrom() trims, writes out what a terminal obeys, and cuts after that", () => {
  for (
    const [line, name] of [
      ["Ada", "Ada"],
      ["  Ada Lovelace\t", "Ada Lovelace"],
      ["", PEER],
      [" \t ", PEER],
      ["\x1b[2JAda", "\\x1b[2JAda"],
      ["A\rda", "A\\rda"],
      ["\u202eadA", "\\u202eadA"],
      ["x".repeat(33), "x".repeat(32)],
      ["😀".repeat(10_000), "😀".repeat(32)],
      ["\x1b".repeat(9), "\\x1b".repeat(8)],
      [`${"x".repeat(31)} y`, "x".repeat(31)],
    ] as const
  ) {
    assertEquals(nameFrom(line, PEER), name);
  }
});

for (const [title, script] of SERVERS) {
  Deno.test(`${title}: who gives no name has its address`, async () => {
    await using server = startServer(script);
    using ada = await join(server, "Ada");
    using bob = await come(server);
    await bob.send("  \r\nhello\n");
    const name = bob.peer;
    assertEquals(await bob.lines(3), [
      WELCOME,
      `Hello ${name}! You can chat now.`,
      `${name}: hello`,
    ]);
    assertEquals(await ada.line(), `${name} has joined the chat.`);
    assertEquals(await ada.line(), `${name}: hello`);
  });

  Deno.test(`${title}: a name that would hurt a terminal is the same for all, and in the log`, async () => {
    await using server = startServer(script);
    using ada = await join(server, "Ada");
    const name = `\\x1b[2J${"x".repeat(25)}`;
    using eve = await join(server, `\x1b[2J${"x".repeat(10_000)}`, name);
    await eve.send("hi\n");
    assertEquals(await eve.line(), `${name}: hi`);
    assertEquals(await ada.lines(2), [
      `${name} has joined the chat.`,
      `${name}: hi`,
    ]);
    const logged = RegExp.escape(`\n${name} joined from ${eve.peer}\n`);
    await server.stdout.match(new RegExp(logged));
  });

  Deno.test(`${title}: fifty may have the same name`, async () => {
    await using server = startServer(script);
    const count = 50;
    const guests = [];
    while (guests.length < count) guests.push(await join(server, "Ada"));
    for (const [index, guest] of guests.entries()) {
      const later = count - 1 - index;
      const joins = Array<string>(later).fill("Ada has joined the chat.");
      assertEquals(await guest.lines(later), joins);
    }
    for (const [index, guest] of guests.entries()) {
      await guest.send(`I am ${index}\n`);
      for (const other of guests) {
        assertEquals(await other.line(), `Ada: I am ${index}`);
      }
    }
    for (const guest of guests) guest[Symbol.dispose]();
  });
}
