/**
 * What clients of the lines server may do to it, and to each other: nothing.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { assertServes, replyTo, SERVER } from "./lines_served.ts";

const encoder = new TextEncoder();

Deno.test("a client that sends 8 MB without a newline can read why it is cut off", async () => {
  await using server = startServer(SERVER);
  assertEquals(
    await replyTo(server, new Uint8Array(8_000_000).fill(120)),
    "ERROR: Line too long\n",
  );
  await assertServes(server);
});

Deno.test("a client that does not end after the error is cut off", async () => {
  await using server = startServer(SERVER, "--max-line", "1");
  using client = await connect(server);
  await writeAll(client, encoder.encode("too long"));
  // The server's side ends at once, and the connection a little later.
  const reply = await within("the error", readAll(client));
  assertEquals(new TextDecoder().decode(reply), "ERROR: Line too long\n");
  await server.stdout.match(/disconnected: .* its line was longer/);
});

Deno.test("a client that goes on and on after the error is cut off", async () => {
  await using server = startServer(SERVER, "--max-line", "100");
  using client = await connect(server);
  const bytes = new Uint8Array(65_536).fill(120);
  const writing = (async () => {
    while (true) await writeAll(client, bytes); // 64 KiB, until it fails.
  })();
  const error: unknown = await within(
    "the connection to be cut",
    writing.catch((error) => error),
  );
  assertMatch(String(error), /^(BrokenPipe|ConnectionReset)/);
  await assertServes(server);
});

const STATES: [string, string[], Uint8Array][] = [
  ["before it has said anything", [], new Uint8Array()],
  ["in the middle of a line", [], encoder.encode("half a li")],
  ["without reading its reply", [], encoder.encode("hello\n")],
  ["after a line over the limit", ["--max-line", "4"], encoder.encode("hello")],
  [
    "without reading many replies",
    [],
    encoder.encode(`${"x".repeat(60_000)}\n`.repeat(200)),
  ],
];

for (const [state, args, bytes] of STATES) {
  Deno.test(`a client that resets ${state} is nothing to the next one`, async () => {
    await using server = startServer(SERVER, ...args);
    const client = await connectResetting(await server.port());
    // In full only if the systems of both sides have room for it.
    const writing = client.write(bytes);
    if (bytes.length < 100) await writing;
    await server.stdout.match(/Connected by/);
    await client.reset();
    await server.stdout.match(/Client disconnected: /);
    assertEquals(await replyTo(server, "ok?\n"), "1: ok?\n");
    assertEquals(server.stderr.text, "");
  });
}

Deno.test("a client that does not read its replies holds up only itself", async () => {
  await using server = startServer(SERVER, "--max-line", "16777216");
  using slow = await connect(server);
  // A reply for which the systems of both sides have no room: the server's
  // write stays pending, and what follows is not read.
  const line = new Uint8Array(16_000_001).fill(120);
  line[16_000_000] = 10;
  await within("the line to be taken", writeAll(slow, line));
  const writing = (async () => {
    while (true) await writeAll(slow, line);
  })().catch(() => "broken off");
  await server.stdout.match(/\] x/);
  await assertServes(server);
  server.kill("SIGINT"); // In the middle of a write; its grace is limited.
  const { code, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(await within("the write to fail", writing), "broken off");
});

Deno.test("300 silent clients do not hinder the next", async () => {
  await using server = startServer(SERVER);
  const silent = await Promise.all(
    Array.from({ length: 300 }, () => connect(server)),
  );
  await assertServes(server);
  for (const client of silent) client.close();
  await assertServes(server);
});
