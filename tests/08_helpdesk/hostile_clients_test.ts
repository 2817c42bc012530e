/**
 * Clients that reset, do not read, or send a line without an end; and the end
 * of the server in the middle of all that.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting } from "../loopback.ts";
import type { Program } from "../program.ts";
import { ack, assertServes, connect, SERVER } from "./session.ts";

const encoder = new TextEncoder();
const PATIENT = ["--idle-ms", "60000"];

/** A client that sends lines and reads nothing, until the server is stuck. */
async function fillUp(server: Program): Promise<AsyncDisposable> {
  const session = await connect(server);
  const lines = encoder.encode(("x".repeat(999) + "\n").repeat(60));
  let written = 0;
  const flood = (async () => {
    while (true) written += await session.conn.write(lines);
  })().catch(() => {});
  // Stuck is a connection on which nothing moves while others are served.
  for (let before = -1; before !== written;) {
    before = written;
    for (let count = 0; count < 5; count++) await assertServes(server);
  }
  return {
    async [Symbol.asyncDispose]() {
      session[Symbol.dispose]();
      await within("the flood to end", flood);
    },
  };
}

for (
  const [state, send, seen] of [
    ["before its first byte", "", /Connection/],
    ["in the middle of a line", "one\nhalf a li", /Client: one/],
    ["with replies unread", "one\ntwo\nthree\n", /Client: three/],
    ["after a line over the limit", "x".repeat(70_000), /Connection/],
  ] as const
) {
  Deno.test(`a client that resets ${state} is a line in the log, and no more`, async () => {
    await using server = startServer(SERVER, ...PATIENT);
    const client = await connectResetting(await server.port());
    if (send !== "") await client.write(encoder.encode(send));
    await server.stdout.match(seen);
    await client.reset();
    await server.stdout.match(/Disconnected from 127\.0\.0\.1:\d+(: .*)?\n/);
    await assertServes(server);
    assertEquals(server.stderr.text, "");
  });
}

Deno.test("the log says of a reset that it was one", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  const client = await connectResetting(await server.port());
  await client.write(encoder.encode("hello\nhalf a li"));
  await server.stdout.match(/Client: hello/);
  await client.reset();
  await server.stdout.match(
    /Disconnected from 127\.0\.0\.1:\d+: it reset the connection\n/,
  );
});

Deno.test("a client that does not read holds up nobody but itself", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  await using _ = await fillUp(server); // Serves others until then.
  await assertServes(server);
});

Deno.test("a line of 65 536 bytes is a message", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  using session = await connect(server);
  const text = "x".repeat(65_536 - ack("").length);
  await session.send(`${text}\r\n`);
  assertEquals(await session.line(), ack(text));

  using longest = await connect(server);
  await longest.send("y".repeat(65_536) + "\r\nafter\n");
  await longest.conn.closeWrite();
  const reply = await within(
    "the replies",
    new Response(longest.conn.readable).text(),
  );
  assertMatch(reply, /^\[ACK @[\d:]+\] y{65536}\n\[ACK @[\d:]+\] after\n$/);
});

for (
  const [what, sent] of [
    ["a line of 65 537 bytes", "x".repeat(65_537) + "\nnot read\n"],
    ["a line without an end", "x".repeat(900_000)],
    ["one CR too many", "x".repeat(65_536) + "\r\r\n"],
  ] as const
) {
  Deno.test(`${what} gets its error, after the lines before it; then the end`, async () => {
    await using server = startServer(SERVER, ...PATIENT);
    using session = await connect(server);
    const sending = session.send(`before\n${sent}`)
      .then(() => session.conn.closeWrite());
    assertEquals(await session.rest(), [ack("before"), "ERROR: Line too long"]);
    await within("the client to have sent all", sending);
    await server.stdout.match(
      new RegExp(`Disconnected from ${session.peer}: its line was too long\n`),
    );
    await assertServes(server);
  });
}

Deno.test("text over the limit by the CR that came last is refused after the wait", async () => {
  await using server = startServer(SERVER);
  using session = await connect(server);
  await session.send("x".repeat(65_536) + "\r");
  assertEquals(await session.rest(), ["ERROR: Line too long"]);
});

for (
  const [what, goesOn] of [["stays", false], [
    "sends without end",
    true,
  ]] as const
) {
  Deno.test(`a client over the limit that ${what} is let go of`, async () => {
    await using server = startServer(SERVER, ...PATIENT);
    using session = await connect(server);
    const bytes = encoder.encode("x".repeat(70_000));
    const sending = (async () => {
      do await writeAll(session.conn, bytes); while (goesOn);
    })().catch(() => {});
    await server.stdout.match(/Disconnected from \S+: its line was too long\n/);
    await assertServes(server);
    session[Symbol.dispose]();
    await within("the sending to end", sending);
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends open sessions, and what waits is acknowledged first`, async () => {
    await using server = startServer(SERVER, ...PATIENT);
    using silent = await connect(server);
    using waiting = await connect(server);
    await waiting.send("one\nhalf a li");
    assertEquals(await waiting.line(), ack("one"));
    await silent.send("here\n");
    assertEquals(await silent.line(), ack("here"));
    server.kill(signal);
    assertEquals(await silent.line(), null);
    assertEquals(await waiting.rest(), [ack("half a li")]);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout.match(/Disconnected from/g)?.length, 2);
  });

  Deno.test(`${signal} ends a server that waits for a client to read`, async () => {
    await using server = startServer(SERVER, ...PATIENT);
    await using _ = await fillUp(server);
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  });
}
