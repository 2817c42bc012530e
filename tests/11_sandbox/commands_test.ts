/**
 * What the room does with names, messages and commands: the same in either
 * framing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { BOTH, connect, join, startServer } from "./session.ts";

const USAGE = "SERVER: /help, /me ACTION, /nick NEW, /quit, /who";

for (const framing of BOTH) {
  const start = () => startServer("--framing", framing);

  Deno.test(`${framing}: the first message is the name, those behind it are said`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await connect(server, framing);
    await ben.say(" Ben ", "hello", "", "how are you?");
    assertEquals(
      await ben.hear(),
      "SERVER: Hello Ben! /help lists the commands.",
    );
    assertEquals(await anna.hear(), "SERVER: Ben has joined the chat.");
    assertEquals(await anna.hear(), "Ben: hello");
    assertEquals(await anna.hear(), "Ben: ");
    assertEquals(await anna.hear(), "Ben: how are you?");
    // Nothing of that came back to Ben: the next he gets is Anna's.
    await anna.say("fine");
    assertEquals(await ben.hear(), "Anna: fine");
    await server.stdout.match(
      new RegExp(
        `Anna joined from ${anna.peer}\nBen joined from ${ben.peer}\n` +
          "Ben: hello\nBen: \nBen: how are you\\?\nAnna: fine\n",
      ),
    );
  });

  Deno.test(`${framing}: /nick gives another name, and everybody is told`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    await anna.hear(); // Ben has joined.
    await anna.say("/nick  Anne Marie ", "hello");
    for (const session of [anna, ben]) {
      assertEquals(await session.hear(), "SERVER: Anna is now Anne Marie");
    }
    assertEquals(await ben.hear(), "Anne Marie: hello");
    await ben.say("/nick Anna"); // It is free now.
    assertEquals(await ben.hear(), "SERVER: Ben is now Anna");
  });

  Deno.test(`${framing}: /nick takes no name that is empty, taken, or the server's`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    for (
      const wanted of [
        "",
        " ",
        " Anna",
        " Ben",
        " SERVER",
        " SERVER:",
        " :",
        " \t ",
      ]
    ) {
      await ben.say(`/nick${wanted}`);
      assertEquals(await ben.hear(), "SERVER: cannot use that name", wanted);
    }
    // Nobody else was told: what Anna gets next is the message.
    await ben.say("still Ben");
    await anna.hear();
    assertEquals(await anna.hear(), "Ben: still Ben");
  });

  Deno.test(`${framing}: /who tells who is there, in the order of their coming`, async () => {
    await using server = start();
    using _unnamed = await connect(server, framing);
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    await anna.say("/nick Zoe");
    await ben.hear();
    await ben.say("/who");
    assertEquals(await ben.hear(), "SERVER: 2 here: Zoe, Ben");
  });

  Deno.test(`${framing}: /me goes to everybody, the sender included`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    await ben.say("/me waves at  all ", "/me", "/me  ", "bye");
    assertEquals(await ben.hear(), "* Ben waves at  all");
    assertEquals(await ben.hear(), "SERVER: usage: /me ACTION");
    assertEquals(await ben.hear(), "SERVER: usage: /me ACTION");
    await anna.hear(); // Ben has joined.
    assertEquals(await anna.hear(), "* Ben waves at  all");
    assertEquals(await anna.hear(), "Ben: bye");
  });

  Deno.test(`${framing}: /quit gets a goodbye, then the end; nothing behind it counts`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    await ben.say("bye", "/quit", "not said");
    assertEquals(await ben.rest(), ["SERVER: Goodbye."]);
    await anna.hear(); // Ben has joined.
    assertEquals(await anna.hear(), "Ben: bye");
    assertEquals(await anna.hear(), "SERVER: Ben has left the chat.");
    using again = await join(server, "Ben", framing); // The name is free.
    await again.say("/who");
    assertEquals(await again.hear(), "SERVER: 2 here: Anna, Ben");
    await server.stdout.match(/Ben left: it quit\n/);
  });

  Deno.test(`${framing}: an unknown command is told to its sender alone`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    for (
      const [text, word] of [
        ["/", "/"],
        ["/foo bar", "/foo"],
        ["/quitter", "/quitter"],
        ["/ who", "/"],
        ["/who\u00a0x/", "/who"],
        ["/constructor", "/constructor"],
      ] as const
    ) {
      await ben.say(text);
      assertEquals(
        await ben.hear(),
        word === "/who"
          ? "SERVER: 2 here: Anna, Ben"
          : `SERVER: no command ${word}; /help lists them`,
      );
    }
    await ben.say("/help", "/WHO", "//help", "///", " /who");
    assertEquals(await ben.hear(), USAGE);
    assertEquals(await ben.hear(), "SERVER: 2 here: Anna, Ben");
    await anna.hear(); // Ben has joined.
    for (const said of ["/help", "//", " /who"]) {
      assertEquals(await anna.hear(), `Ben: ${said}`);
    }
  });

  Deno.test(`${framing}: the name is empty, taken, too long, or not fit to be shown`, async () => {
    await using server = start();
    using stack = new DisposableStack();
    for (
      const [wanted, name] of [
        ["Anna", "Anna"],
        ["Anna", "Anna-2"],
        ["\tAnna ", "Anna-3"],
        ["anna", "anna"],
        ["SERVER", "SERVER-2"],
        ["SERVER: Anna has left", "SERVER Anna has left"],
        ["127.0.0.1:80", "127.0.0.180"],
        ["\x1b[2J\u202eevil", "\\x1b[2J\\u202eevil"],
        ["🦊".repeat(33), "🦊".repeat(32)],
        ["/quit", "/quit"],
        [" ", null],
      ] as const
    ) {
      // It stays, so that the next one cannot have its name.
      const session = stack.use(await connect(server, framing));
      await session.say(wanted);
      const hello = `SERVER: Hello ${name ?? session.peer}!`;
      assertEquals(
        await session.hear(),
        `${hello} /help lists the commands.`,
      );
    }
  });

  Deno.test(`${framing}: who has given no name yet gets nothing, and nobody hears of it`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    const unnamed = await connect(server, framing);
    await anna.say("hello");
    using ben = await join(server, "Ben", framing);
    unnamed.conn.close();
    await server.stdout.match(/127\.0\.0\.1:\d+ left: it closed/);
    await ben.say("hello");
    assertEquals(await anna.hear(), "SERVER: Ben has joined the chat.");
    assertEquals(await anna.hear(), "Ben: hello");

    using late = await connect(server, framing);
    await anna.say("one");
    assertEquals(await ben.hear(), "Anna: one");
    await late.say("Late");
    assertEquals(
      await late.hear(),
      "SERVER: Hello Late! /help lists the commands.",
    );
  });
}
