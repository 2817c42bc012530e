/**
 * Clients that do not read, and the broadcast server: who is let go of, and
 * that nobody else notices.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { startServer } from "../conversation.ts";
import {
  assertServes,
  BROADCAST_SERVER,
  type Guest,
  join,
  TEXT,
} from "./session.ts";

/** Says something in each of their names, and has all of them hear it. */
async function talk(guests: Guest[], round: number): Promise<void> {
  for (const [index, guest] of guests.entries()) {
    await guest.send(`${round} ${TEXT}\n`);
    for (const other of guests) {
      let line = await other.line();
      if (line === "Sleeper has left the chat.") line = await other.line();
      assertEquals(line, `Guest ${index}: ${round} ${TEXT}`);
    }
  }
}

/** Eight who talk and listen, and have heard each other come. */
async function joinEight(server: ReturnType<typeof startServer>) {
  const guests: Guest[] = [];
  for (let index = 0; index < 8; index++) {
    guests.push(await join(server, `Guest ${index}`));
  }
  for (const [index, guest] of guests.entries()) await guest.lines(7 - index);
  return guests;
}

Deno.test("one that does not read is let go of, and all others hear everything once", async () => {
  await using server = startServer(BROADCAST_SERVER);
  using sleeper = await join(server, "Sleeper");
  const guests = await joinEight(server);
  const gone = server.stdout.match(/Sleeper left from (\S+): (.*)\n/);
  let waiting = true;
  gone.then(() => waiting = false);
  for (let round = 0; waiting; round++) await talk(guests, round);
  assertEquals((await gone).slice(1), [
    sleeper.peer,
    "it was too slow to read",
  ]);
  await talk(guests, -1);
  for (const guest of guests) guest[Symbol.dispose]();
  await assertServes(server);
  assertEquals(server.stderr.text, "");
});

Deno.test("one that is behind by less than the backlog, and then reads, has missed nothing", async () => {
  const backlog = String(64 * 1024 * 1024);
  await using server = startServer(BROADCAST_SERVER, "--max-backlog", backlog);
  using ada = await join(server, "Ada");
  using sleeper = await join(server, "Sleeper");
  assertEquals(await ada.line(), "Sleeper has joined the chat.");
  const count = 300; // 18 MB, far above what the system keeps.
  for (let number = 0; number < count; number++) {
    await ada.send(`${number} ${TEXT}\n`);
    assertEquals(await ada.line(), `Ada: ${number} ${TEXT}`);
  }
  for (let number = 0; number < count; number++) {
    assertEquals(await sleeper.line(), `Ada: ${number} ${TEXT}`);
  }
  await ada.send("awake?\n");
  assertEquals(await sleeper.line(), "Ada: awake?");
});

Deno.test("the longest message fits in the smallest backlog", async () => {
  const backlog = String(256 * 1024);
  await using server = startServer(BROADCAST_SERVER, "--max-backlog", backlog);
  const name = "😀".repeat(32);
  using ada = await join(server, name);
  // Each byte that is no text becomes three.
  const line = new Uint8Array(65_537).fill(0xff);
  line[65_536] = 0x0a;
  await writeAll(ada.conn, line);
  assertEquals(await ada.line(), `${name}: ${"\ufffd".repeat(65_536)}`);
});

Deno.test("one that says more than others can read does not drive them away", async () => {
  await using server = startServer(BROADCAST_SERVER);
  using reader = await join(server, "Reader");
  // A byte of its own is over a hundred of everybody's.
  const name = "😀".repeat(32);
  using flood = await join(server, name);
  assertEquals(await reader.line(), `${name} has joined the chat.`);
  const count = 200_000; // 26 MB for each of the two.
  async function read(): Promise<void> {
    for (let number = 0; number < count; number++) {
      const line = await reader.line();
      if (line !== `${name}: `) assertEquals(line, `${name}: `);
    }
  }
  await Promise.all([
    flood.send("\n".repeat(count)),
    flood.lines(count),
    read(),
  ]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal}: what was said last is delivered to those who read`, async () => {
    const backlog = String(64 * 1024 * 1024);
    await using server = startServer(
      BROADCAST_SERVER,
      "--max-backlog",
      backlog,
    );
    using ada = await join(server, "Ada");
    using bob = await join(server, "Bob");
    assertEquals(await ada.line(), "Bob has joined the chat.");
    const count = 150; // 9 MB, more than the system keeps for Bob.
    for (let number = 0; number < count; number++) {
      await ada.send(`${number} ${TEXT}\n`);
      assertEquals(await ada.line(), `Ada: ${number} ${TEXT}`);
    }
    server.kill(signal);
    await server.stdout.match(/Server stopped\n/);
    const rest = await bob.rest();
    assertEquals(rest.length, count);
    assertEquals(rest.at(-1), `Ada: ${count - 1} ${TEXT}`);
    assertEquals(await ada.rest(), []);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout.endsWith("\nServer stopped\n"), true, stdout);
  });

  Deno.test(`${signal} ends a server that owes something to one that does not read`, async () => {
    const backlog = String(64 * 1024 * 1024);
    await using server = startServer(
      BROADCAST_SERVER,
      "--max-backlog",
      backlog,
    );
    using ada = await join(server, "Ada");
    using _sleeper = await join(server, "Sleeper");
    assertEquals(await ada.line(), "Sleeper has joined the chat.");
    for (let number = 0; number < 150; number++) {
      await ada.send(`${TEXT}\n`);
      assertEquals(await ada.line(), `Ada: ${TEXT}`);
    }
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  });
}
