/**
 * Clients that do not read, and the direct broadcast server: everybody waits,
 * until the deadline.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startServer } from "../conversation.ts";
import {
  assertServes,
  come,
  DIRECT_SERVER,
  type Guest,
  join,
  talkUntilStuck,
  TEXT,
  wakeUntil,
  WELCOME,
} from "./session.ts";

Deno.test("one that does not read is waited for by all, again and again", async () => {
  await using server = startServer(DIRECT_SERVER, "--write-timeout", "60");
  // The sleeper is the first in turn, so Ada hears nothing before it does.
  using sleeper = await join(server, "Sleeper");
  using ada = await join(server, "Ada");
  for (let round = 0; round < 2; round++) {
    const stuck = await talkUntilStuck(server, ada, "Ada");
    // Nobody can join meanwhile, though others are welcomed after it.
    using newcomer = await come(server);
    await newcomer.send("Bob\n");
    assertEquals(await newcomer.line(), WELCOME);
    let greeted = false;
    const hello = newcomer.line().finally(() => greeted = true);
    using later = await come(server);
    assertEquals(await later.line(), WELCOME);
    assertEquals(greeted, false);
    // As soon as the sleeper reads a little, all goes on.
    assertEquals(await wakeUntil(sleeper, stuck.line), `Ada: ${TEXT}`);
    assertEquals(await hello, "Hello Bob! You can chat now.");
    assertEquals(await ada.line(), "Bob has joined the chat.");
    newcomer[Symbol.dispose]();
    assertEquals(await ada.line(), "Bob has left the chat.");
  }
});

/** The lines that any Guest says, until there are `count` of them. */
async function linesOfGuests(guest: Guest, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) {
    const line = await guest.line();
    if (line?.startsWith("Guest: ")) lines.push(line);
    else {assertMatch(
        line ?? "the end",
        /^Ada: x{60000}$|has joined the chat\.$/,
      );}
  }
  return lines;
}

Deno.test("what many say while all wait for one arrives whole, and in one order", async () => {
  await using server = startServer(DIRECT_SERVER, "--write-timeout", "60");
  using sleeper = await join(server, "Sleeper");
  const guests: Guest[] = [];
  // More than the system takes at once when the sleeper wakes up.
  while (guests.length < 26) guests.push(await join(server, "Guest"));
  using ada = await join(server, "Ada");
  const heard = guests.map((guest) => linesOfGuests(guest, guests.length));
  await talkUntilStuck(server, ada, "Ada");
  const texts = guests.map((_, index) =>
    String.fromCharCode(97 + index).repeat(60_000)
  );
  for (const [index, guest] of guests.entries()) {
    await guest.send(`${texts[index]}\n`);
  }
  const slowly = await linesOfGuests(sleeper, guests.length);
  assertEquals(slowly.toSorted(), texts.map((text) => `Guest: ${text}`));
  for (const lines of heard) assertEquals(await lines, slowly);
  for (const guest of guests) guest[Symbol.dispose]();
});

Deno.test("after the deadline it is let go of, and the others have missed nothing", async () => {
  await using server = startServer(DIRECT_SERVER, "--write-timeout", "2");
  using sleeper = await join(server, "Sleeper");
  using ada = await join(server, "Ada");
  using bob = await join(server, "Bob");
  assertEquals(await ada.line(), "Bob has joined the chat.");
  const heard: string[] = [];
  for (let number = 0; !heard.includes("Sleeper has left the chat.");) {
    const text = `${number++} ${TEXT}`;
    await ada.send(`${text}\n`);
    while (heard.at(-1) !== `Ada: ${text}`) {
      const line = await ada.line();
      assertEquals(await bob.line(), line);
      heard.push(line ?? "the end");
    }
  }
  const said = heard.filter((line) => line !== "Sleeper has left the chat.");
  assertEquals(said.length, heard.length - 1);
  assertEquals(said, said.map((_, number) => `Ada: ${number} ${TEXT}`));
  await server.stdout.match(
    new RegExp(
      `Sleeper left from ${sleeper.peer}: it was too slow to read\n`,
    ),
  );
  await assertServes(server);
  assertEquals(server.stderr.text, "");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends a direct server in the middle of a stall`, async () => {
    await using server = startServer(DIRECT_SERVER, "--write-timeout", "60");
    using _sleeper = await join(server, "Sleeper");
    using ada = await join(server, "Ada");
    const stuck = await talkUntilStuck(server, ada, "Ada");
    const end = stuck.line.catch(() => null); // It may be reset.
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    await end;
  });

  Deno.test(`${signal}: what a direct server was told last has been delivered`, async () => {
    await using server = startServer(DIRECT_SERVER);
    using bob = await join(server, "Bob");
    using ada = await join(server, "Ada");
    const texts = Array.from({ length: 1000 }, (_, number) => `${number}`);
    await ada.send(texts.map((text) => `${text}\n`).join(""));
    const lines = texts.map((text) => `Ada: ${text}`);
    assertEquals(await ada.lines(1000), lines);
    server.kill(signal);
    assertEquals(await bob.rest(), ["Ada has joined the chat.", ...lines]);
    assertEquals(await ada.rest(), []);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  });
}
