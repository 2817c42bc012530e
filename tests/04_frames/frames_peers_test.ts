/**
 * What clients of the frames server may do to it, and to each other: nothing.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { connect, replyTo, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting } from "../loopback.ts";
import { assertServes, SERVER } from "./frames_served.ts";

const MIB = 1024 * 1024;

for (
  const [where, bytes, line] of [
    ["the length", [0, 0], ", in a frame after 2 of 4 bytes"],
    ["the payload", [0, 0, 0, 8, 1, 2, 3], ", in a frame after 3 of 8 bytes"],
    ["a payload yet to begin", [0, 0, 0, 8], ", in a frame after 0 of 8 bytes"],
  ] as const
) {
  Deno.test(`the end in the middle of ${where} is logged, and gets no answer`, async () => {
    await using server = startServer(SERVER);
    assertEquals(
      await replyTo(server, new Uint8Array(bytes)),
      new Uint8Array(),
    );
    const [logged] = await server.stdout.match(/disconnected: \S+:\d+(.*)\n/);
    assertStringIncludes(logged, `${line}\n`);
    await assertServes(server);
  });
}

for (
  const [state, bytes] of [
    ["before it has said anything", new Uint8Array()],
    ["in the middle of the length", new Uint8Array(3)],
    ["in the middle of the payload", new Uint8Array([0, 0, 0, 9, 1, 2])],
    ["without reading its reply", new Uint8Array(4)],
    ["after a length over the limit", new Uint8Array([255, 0, 0, 0, 1])],
  ] as const
) {
  Deno.test(`a client that resets ${state} is nothing to the next one`, async () => {
    await using server = startServer(SERVER);
    const client = await connectResetting(await server.port());
    await client.write(bytes);
    await server.stdout.match(/Connected by/);
    await client.reset();
    await server.stdout.match(/Client disconnected: /);
    await assertServes(server);
    assertEquals(server.stderr.text, "");
  });
}

Deno.test("a client that never reads its replies holds up only itself", async () => {
  await using server = startServer(SERVER);
  using slow = await connect(server);
  const frames = new Uint8Array(MIB); // 262144 frames of no bytes.
  const writing = (async () => {
    while (true) await writeAll(slow, frames);
  })().catch(() => "broken off");
  await server.stdout.match(/0 bytes/);
  await assertServes(server);
  server.kill("SIGINT");
  const { code, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(await within("the write to fail", writing), "broken off");
});

Deno.test("300 clients, silent in the middle of a frame, do not hinder the next", async () => {
  await using server = startServer(SERVER);
  const silent = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const client = await connect(server);
      await writeAll(client, new Uint8Array([1, 0, 0, 0, 7]));
      return client;
    }),
  );
  await assertServes(server);
  for (const client of silent) client.close();
  await assertServes(server);
});
