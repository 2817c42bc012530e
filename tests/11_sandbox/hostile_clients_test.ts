/**
 * Clients that reset, do not read, talk without end, or send messages without
 * an end: each costs only itself.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { FRAMINGS } from "../../lessons/11_sandbox/framing.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import {
  assertServes,
  BOTH,
  connect,
  join,
  type Session,
  startServer,
} from "./session.ts";

const TOO_LONG = "SERVER: Message is longer than 65536 bytes";

for (const framing of BOTH) {
  const { encode } = FRAMINGS[framing];
  const start = () => startServer("--framing", framing);

  for (
    const [state, sent, seen] of [
      ["before its first byte", "", null],
      ["in the middle of its name", encode("Ben").subarray(0, -1), null],
      ["after its name", encode("Ben"), /Ben joined/],
      [
        "in the middle of a message",
        [...encode("Ben"), ...encode("hello"), ...encode("bye").slice(0, -1)],
        /Ben: hello/,
      ],
      ["after a message over the limit", encode("x".repeat(70_000)), null],
    ] as const
  ) {
    Deno.test(`${framing}: a client that resets ${state} is a line in the log, and no more`, async () => {
      await using server = start();
      using anna = await join(server, "Anna", framing);
      const client = await connectResetting(await server.port());
      if (sent !== "") await client.write(new Uint8Array(sent));
      if (seen !== null) await server.stdout.match(seen);
      // Accepted after it: so it has been accepted too, and is no more in the
      // queue, where a reset would leave no trace.
      using _next = await join(server, "Next", framing);
      await client.reset();
      await server.stdout.match(/(Ben|127\.0\.0\.1:\d+) left: its? /);
      if (seen !== null) {
        const heard: (string | null)[] = [];
        while (heard.at(-1) !== "SERVER: Ben has left the chat.") {
          heard.push(await anna.hear());
        }
      }
      await assertServes(server, framing);
      assertEquals(server.stderr.text, "");
    });
  }

  Deno.test(`${framing}: the log says of a reset that it was one`, async () => {
    await using server = start();
    const client = await connectResetting(await server.port());
    await client.write(encode("Ben"));
    await server.stdout.match(/Ben joined/);
    await client.reset();
    await server.stdout.match(/Ben left: it reset the connection\n/);
  });

  Deno.test(`${framing}: a message of 65 536 bytes is passed on`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    await ben.say("€".repeat(21_845) + "x", "after");
    await anna.hear(); // Ben has joined.
    assertEquals(await anna.hear(), `Ben: ${"€".repeat(21_845)}x`);
    assertEquals(await anna.hear(), "Ben: after");
  });

  Deno.test(`${framing}: one byte more is told to the sender, after what came before; then the end`, async () => {
    await using server = start();
    using anna = await join(server, "Anna", framing);
    using ben = await join(server, "Ben", framing);
    const sending = ben.say("/me waves", "x".repeat(65_537), "not read");
    assertEquals(await ben.rest(), ["* Ben waves", TOO_LONG]);
    await within("the client to have sent all", sending);
    await server.stdout.match(/Ben left: its message was too long\n/);
    await anna.hear(); // Ben has joined.
    assertEquals(await anna.hear(), "* Ben waves");
    assertEquals(await anna.hear(), "SERVER: Ben has left the chat.");
    await assertServes(server, framing);
  });

  Deno.test(`${framing}: a name that is too long is refused as well`, async () => {
    await using server = start();
    using session = await connect(server, framing);
    const sending = session.say("x".repeat(65_537));
    assertEquals(await session.rest(), [TOO_LONG]);
    await within("the client to have sent all", sending);
  });

  Deno.test(`${framing}: who says that it will send no more still gets what it is owed`, async () => {
    await using server = start();
    using session = await connect(server, framing);
    await session.say("Ben", "/who", "/me leaves");
    await session.conn.closeWrite();
    assertEquals(await session.rest(), [
      "SERVER: Hello Ben! /help lists the commands.",
      "SERVER: 1 here: Ben",
      "* Ben leaves",
    ]);
    await server.stdout.match(/Ben left: it closed the connection\n/);
  });

  Deno.test(`${framing}: who asks for more than it reads is let go of`, async () => {
    await using server = start();
    using stack = new DisposableStack();
    for (let count = 0; count < 50; count++) {
      stack.use(await join(server, "🦊".repeat(32), framing));
    }
    using greedy = await join(server, "Greedy", framing);
    // Each answer has more than 6 KB. The reset at its end may cut it off here.
    const asking = greedy.say(...Array(5000).fill("/who")).catch(() => {});
    await server.stdout.match(/Greedy left: it does not read/);
    await assertServes(server, framing);
    greedy.conn.close();
    await within("the asking to end", asking);
  });
}

Deno.test("a length of 4 GiB is refused at once, and no memory is taken for it", async () => {
  await using server = startServer("--framing", "frames");
  using session = await connect(server, "frames");
  await session.send(new Uint8Array([255, 255, 255, 255]));
  assertEquals(await session.rest(), [TOO_LONG]);
  await assertServes(server, "frames");
});

Deno.test("a client that does not read is let go of; the others miss nothing", async () => {
  const TALKERS = 16;
  const MESSAGES = 14;
  const text = "x".repeat(30_000); // Together more than any system keeps.
  await using server = startServer();
  using stack = new DisposableStack();
  stack.use(await join(server, "Slow"));
  const talkers: Session[] = [];
  for (let count = 0; count < TALKERS; count++) {
    talkers.push(stack.use(await join(server, `Talker ${count}`)));
  }
  const heard = talkers.map(async (talker) => {
    let count = 0;
    while (count < MESSAGES * (TALKERS - 1)) {
      const line = await talker.hear();
      if (line === null) throw new Error("A talker was let go of");
      if (line.endsWith(`: ${text}`)) count++;
    }
  });
  const talking = talkers.map((talker) =>
    talker.say(...Array(MESSAGES).fill(text))
  );
  await within("all to be heard", Promise.all([...talking, ...heard]));
  await server.stdout.match(/Slow left: it does not read what it is sent\n/);
});

Deno.test("with 500 clients the next one waits until one of them has gone", async () => {
  await using server = startServer();
  using stack = new DisposableStack();
  const anna = stack.use(await join(server, "Anna"));
  const others: Session[] = [];
  while (others.length < 499) {
    others.push(stack.use(await connect(server)));
  }
  using next = await connect(server);
  await next.say("Next");
  await others.at(-1)?.say("Last");
  assertEquals(await anna.hear(), "SERVER: Last has joined the chat.");
  await anna.say("/who");
  assertEquals(await anna.hear(), "SERVER: 2 here: Anna, Last");
  others[0]?.conn.close();
  assertEquals(await anna.hear(), "SERVER: Next has joined the chat.");
});

Deno.test("who talks without end keeps nobody from talking, and drives nobody out", async () => {
  await using server = startServer();
  using reader = await join(server, "Reader");
  using talker = await join(server, "Talker");
  const newlines = new Uint8Array(64 * 1024).fill(10); // As many messages.
  const flood = (async () => {
    while (true) await talker.send(newlines);
  })().catch(() => {});
  const drain = readAll(talker.conn).catch(() => {});
  await server.stdout.match(/Talker: \n/);
  await assertServes(server);
  await reader.say("/who");
  for (
    let heard;
    (heard = await reader.hear()) !== "SERVER: 2 here: Reader, Talker";
  ) {
    if (heard === null) throw new Error("The reader was let go of");
  }
  talker.conn.close();
  await within("the flood to end", Promise.all([flood, drain]));
});
