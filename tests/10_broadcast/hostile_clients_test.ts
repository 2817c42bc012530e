/**
 * Clients that reset, come and go at once, or send a line without an end; with
 * both servers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf, connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting } from "../loopback.ts";
import { assertServes, come, join, SERVERS, WELCOME } from "./session.ts";

const TOO_LONG = "ERROR: Line too long";

/** States in which a client may be gone, and what it has sent by then. */
const UNNAMED: [string, string][] = [
  ["before its first byte", ""],
  ["in the middle of its name", "Bo"],
];
const NAMED: [string, string][] = [
  ["after its name", "Bob\n"],
  ["in the middle of a line", "Bob\nhalf a li"],
  ["with all it was sent unread", `Bob\n${"hello\n".repeat(100)}`],
];

for (const [title, script] of SERVERS) {
  for (const [state, sent] of UNNAMED) {
    Deno.test(`${title}: a reset ${state} is nobody's business`, async () => {
      await using server = startServer(script);
      using ada = await join(server, "Ada");
      const client = await connectResetting(await server.port());
      if (sent !== "") await client.write(bytesOf(sent));
      // Connections are accepted in their order: it has been when Bob has.
      using _bob = await join(server, "Bob");
      assertEquals(await ada.line(), "Bob has joined the chat.");
      await client.reset();
      await server.stdout.match(/Somebody left from \S+( .*)?\n/);
      await ada.send("anybody?\n");
      assertEquals(await ada.line(), "Ada: anybody?");
      assertEquals(server.stderr.text, "");
    });
  }

  for (const [state, sent] of NAMED) {
    Deno.test(`${title}: a reset ${state} is a line for the others, once`, async () => {
      await using server = startServer(script);
      using ada = await join(server, "Ada");
      const client = await connectResetting(await server.port());
      await client.write(bytesOf(sent));
      assertEquals(await ada.line(), "Bob has joined the chat.");
      await client.reset();
      let line = await ada.line();
      while (line === "Bob: hello") line = await ada.line();
      assertEquals(line, "Bob has left the chat.");
      await ada.send("anybody?\n");
      assertEquals(await ada.line(), "Ada: anybody?");
      await server.stdout.match(/Bob left from \S+: it reset the connection\n/);
      assertEquals(server.stderr.text, "");
    });
  }

  Deno.test(`${title}: clients that come and go at once hurt nobody`, async () => {
    await using server = startServer(script);
    using ada = await join(server, "Ada");
    for (let count = 0; count < 50; count++) {
      (await connect(server)).close();
      const client = await connectResetting(await server.port());
      await client.reset();
    }
    await ada.send("anybody?\n");
    assertEquals(await ada.line(), "Ada: anybody?");
    assertEquals(server.stderr.text, "");
  });

  Deno.test(`${title}: many who leave while everybody talks do not stop the room`, async () => {
    await using server = startServer(script);
    using ada = await join(server, "Ada");
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(
        Array.from(
          { length: 10 },
          async () => connectResetting(await server.port()),
        ),
      );
      for (const client of clients) {
        await client.write(bytesOf(`Bob\n${"hello\n".repeat(100)}`));
      }
      const ends = clients.map((client) => client.reset());
      await ada.send(`round ${round}\n`);
      await Promise.all(ends);
    }
    // All who have joined have left.
    let there = 0;
    let rounds = 0;
    while (there > 0 || rounds < 10) {
      const line = await ada.line();
      if (line === "Bob has joined the chat.") there++;
      else if (line === "Bob has left the chat.") there--;
      else if (line === `Ada: round ${rounds}`) rounds++;
      else assertEquals(line, "Bob: hello");
    }
    await assertServes(server);
    assertEquals(server.stderr.text, "");
  });

  Deno.test(`${title}: a line of 65 536 bytes is a message`, async () => {
    await using server = startServer(script);
    using ada = await join(server, "Ada");
    const text = "x".repeat(65_536);
    await ada.send(`${text}\r\n`);
    assertEquals(await ada.line(), `Ada: ${text}`);
  });

  for (
    const [what, sent] of [
      ["a line of 65 537 bytes", `${"x".repeat(65_537)}\nnot said\n`],
      ["a line without an end", "x".repeat(900_000)],
    ] as const
  ) {
    Deno.test(`${title}: ${what} gets its error, after what was said before it`, async () => {
      await using server = startServer(script);
      using ada = await join(server, "Ada");
      using bob = await join(server, "Bob");
      const sending = bob.send(`before\n${sent}`);
      assertEquals(await bob.rest(), ["Bob: before", TOO_LONG]);
      await within("all to be sent", sending);
      // What is still coming is taken: a second write to a connection that is
      // closed would fail.
      for (let more = 0; more < 20; more++) {
        await bob.send("more\n");
        await new Promise((resolve) => setTimeout(resolve));
      }
      assertEquals(await ada.lines(3), [
        "Bob has joined the chat.",
        "Bob: before",
        "Bob has left the chat.",
      ]);
      await server.stdout.match(
        new RegExp(`Bob left from ${bob.peer}: its line was too long\n`),
      );
    });
  }

  Deno.test(`${title}: a name over the limit gets the error, and is not announced`, async () => {
    await using server = startServer(script);
    using ada = await join(server, "Ada");
    using bob = await come(server);
    const sending = bob.send("x".repeat(70_000));
    assertEquals(await bob.rest(), [WELCOME, TOO_LONG]);
    await within("all to be sent", sending);
    await ada.send("anybody?\n");
    assertEquals(await ada.line(), "Ada: anybody?");
  });

  Deno.test(`${title}: a client over the limit that sends on and on is let go of`, async () => {
    await using server = startServer(script);
    using bob = await join(server, "Bob");
    const bytes = bytesOf("x".repeat(70_000));
    const sending = (async () => {
      while (true) await writeAll(bob.conn, bytes);
    })().catch(() => {});
    await server.stdout.match(/Bob left from \S+: its line was too long\n/);
    await within("the server to close", sending);
    await assertServes(server);
  });
}
