/**
 * Clients that reset, do not read, talk without end, or send a line without
 * one: it costs nobody else anything.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectResetting } from "../loopback.ts";
import {
  connect,
  gather,
  hears,
  join,
  joined,
  left,
  startServer,
} from "./chat_room.ts";

const encoder = new TextEncoder();

for (
  const [state, send, told] of [
    ["without a word", "", []],
    ["in the middle of its name", "Bo", []],
    ["after its name", "Bob\n", [joined("Bob"), left("Bob")]],
    [
      "in the middle of a line",
      "Bob\nhi\nhalf a li",
      [joined("Bob"), "Bob: hi", left("Bob")],
    ],
    [
      "after a line over the limit",
      `Bob\nhi\n${"x".repeat(70_000)}`,
      [joined("Bob"), "Bob: hi", left("Bob")],
    ],
    ["after EXIT", "Bob\nEXIT\n", [joined("Bob"), left("Bob")]],
  ] as const
) {
  Deno.test(`a client that resets ${state} leaves, and no more`, async () => {
    await using server = startServer();
    const [ann, cyd] = await gather(server, ["Ann", "Cyd"]);
    const client = await connectResetting(await server.port());
    if (send !== "") await client.write(encoder.encode(send));
    await hears(ann, ...told.slice(0, -1)); // What it did has been done.
    await client.reset();
    await hears(ann, ...told.slice(-1));
    await hears(cyd, ...told);
    await ann?.send("hello?\n");
    await hears(cyd, "Ann: hello?");
    await cyd?.send("still here\n");
    await hears(ann, "Cyd: still here");
    assertEquals(server.stderr.text, "");
    for (const client of [ann, cyd]) client?.[Symbol.dispose]();
  });
}

Deno.test("a client that resets with words of others unread leaves, and no more", async () => {
  await using server = startServer();
  const [ann, cyd] = await gather(server, ["Ann", "Cyd"]);
  const client = await connectResetting(await server.port());
  await client.write(encoder.encode("Bob\n"));
  for (const other of [ann, cyd]) await hears(other, joined("Bob"));
  await ann?.send("hello?\n");
  await hears(cyd, "Ann: hello?");
  await client.reset();
  for (const other of [ann, cyd]) await hears(other, left("Bob"));
  assertEquals(server.stderr.text, "");
  for (const client of [ann, cyd]) client?.[Symbol.dispose]();
});

Deno.test("the log says of a reset that it was one", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  const client = await connectResetting(await server.port());
  await client.write(encoder.encode("Bob\n"));
  await hears(ann, joined("Bob"));
  await client.reset();
  await hears(ann, left("Bob"));
  await server.stdout.match(/Bob left: it reset the connection\n/);
});

Deno.test("one that does not read is sent away, and the others miss nothing", async () => {
  await using server = startServer();
  const [ann, bob, deaf] = await gather(server, ["Ann", "Bob", "Deaf"]);
  const text = "x".repeat(1000);
  // Ann talks until the system has no room for what Deaf does not read, and
  // more than 1 MiB waits for it. How much that is, systems differ.
  let gone = false;
  let said = 0;
  async function talk() {
    while (!gone) {
      await ann?.send(`${text}\n`.repeat(50));
      said += 50;
    }
    await ann?.send("that was all\n");
  }
  async function notice() {
    await hears(ann, left("Deaf"));
    gone = true;
  }
  const heard: (string | null | undefined)[] = [];
  async function listen() {
    for (let line; (line = await bob?.line()) !== "Ann: that was all";) {
      heard.push(line);
    }
  }
  await Promise.all([talk(), notice(), listen()]);
  const texts = heard.filter((line) => line !== left("Deaf"));
  assertEquals(heard.length - texts.length, 1);
  assertEquals(texts.length, said);
  assertEquals(new Set(texts), new Set([`Ann: ${text}`]));
  await server.stdout.match(/Deaf left: it does not read what it is sent\n/);
  for (const client of [ann, bob, deaf]) client?.[Symbol.dispose]();
});

Deno.test("one that talks without end puts nobody out who reads, if slowly", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  // A long name and empty lines: every byte it sends costs the others 132.
  const name = "😀".repeat(32);
  using loud = await join(server, name);
  await hears(ann, joined(name));
  const count = 100_000; // 13 MB, many times what may wait for Ann.
  const sending = loud.send("\n".repeat(count) + "enough\n");
  // It shows what it has read: about six megabytes a second.
  const buffer = new Uint8Array(65_536);
  const expected = count * (4 * 32 + 3) + (4 * 32 + 9);
  for (let received = 0; received < expected;) {
    const bytes = await within("the talk", ann.conn.read(buffer));
    if (bytes === null) throw new Error(`It ended after ${received} bytes`);
    received += bytes;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await within("the sending", sending);
  await loud.send("EXIT\n");
  assertEquals(await loud.rest(), ["DONE"]);
  await hears(ann, left(name));
});

Deno.test("a line of 65 536 bytes is a message", async () => {
  await using server = startServer();
  const [ann, bob] = await gather(server, ["Ann", "Bob"]);
  await bob?.send(`${"y".repeat(65_536)}\r\nafter\n`);
  await hears(ann, `Bob: ${"y".repeat(65_536)}`, "Bob: after");
  const bytes = new Uint8Array(65_537).fill(0xff); // No UTF-8.
  bytes[65_536] = 0x0a;
  await bob?.send(bytes);
  await hears(ann, `Bob: ${"\ufffd".repeat(65_536)}`);
  for (const client of [ann, bob]) client?.[Symbol.dispose]();
});

for (
  const [what, line] of [
    ["a line of 65 537 bytes", "x".repeat(65_537) + "\nnot read\n"],
    ["a line without an end", "x".repeat(900_000)],
    ["one CR too many", "x".repeat(65_536) + "\r\r\n"],
  ] as const
) {
  Deno.test(`${what} gets its error, after the lines before it; then the end`, async () => {
    await using server = startServer();
    using ann = await join(server, "Ann");
    using bob = await connect(server);
    const sending = bob.send(`Bob\nbefore\n${line}`)
      .then(() => bob.conn.closeWrite());
    assertEquals(await bob.rest(), ["ERROR: Line too long"]);
    await within("the client to have sent all", sending);
    await hears(ann, joined("Bob"), "Bob: before", left("Bob"));
    await server.stdout.match(/Bob left: its line was too long\n/);
  });
}

Deno.test("a name over the limit is no name: an error, and nobody hears of it", async () => {
  await using server = startServer();
  const [ann, bob] = await gather(server, ["Ann", "Bob"]);
  using long = await connect(server);
  await long.send("x".repeat(65_537) + "\n");
  assertEquals(await long.rest(), ["ERROR: Line too long"]);
  await server.stdout.match(
    new RegExp(`\n${long.peer} left: its line was too long\n`),
  );
  await bob?.send("hi\n");
  await hears(ann, "Bob: hi");
  for (const client of [ann, bob]) client?.[Symbol.dispose]();
});

for (const last of ["EXIT\n", "x".repeat(70_000)]) {
  const what = last.slice(0, 5).trim();
  Deno.test(`who goes on sending after ${what} is let go of all the same`, async () => {
    await using server = startServer();
    using bob = await join(server, "Bob");
    const bytes = encoder.encode("more\n".repeat(10_000));
    const sending = (async () => {
      await bob.send(last);
      while (true) await writeAll(bob.conn, bytes);
    })().catch(() => "broken off");
    await within("the sending to be broken off", sending);
    await server.stdout.match(/Bob left: it/);
    using ann = await join(server, "Ann");
    await ann.send("EXIT\n");
    assertEquals(await ann.rest(), ["DONE"]);
  });
}
