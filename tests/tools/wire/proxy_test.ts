/**
 * The proxy of `deno task wire`: nobody notices it, unless trouble is asked for.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { formatAddress } from "../../../lib/address.ts";
import { readExactly, writeAll } from "../../../lib/bytes.ts";
import { within } from "../../deadline.ts";
import { Random } from "../../grader/random.ts";
import { close, connectResetting, readAll } from "../../loopback.ts";
import { bytesOf, textOf } from "../../conversation.ts";
import { Through } from "./through.ts";

Deno.test("every byte comes out as it went in, both ways, at every chunking", async () => {
  await using through = await Through.make();
  using pair = await through.connect();
  const random = new Random(1);
  for (const size of [1, 7, 300, 70_000, 2_000_000]) {
    const bytes = random.bytes(size);
    for (
      const [from, to] of [[pair.client, pair.server], [
        pair.server,
        pair.client,
      ]] as const
    ) {
      const sent = (async () => {
        for (const piece of random.cut(bytes)) await writeAll(from, piece);
      })();
      assertEquals(
        await within("all of it", readExactly(to, size)),
        bytes,
      );
      await sent;
    }
  }
});

Deno.test("what is recorded is what was read, in its order", async () => {
  await using through = await Through.make();
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf("PING\n"));
  await within("it", readExactly(pair.server, 5));
  await writeAll(pair.server, bytesOf("PONG\n"));
  await within("it", readExactly(pair.client, 5));
  await pair.client.closeWrite();
  assertEquals(await within("the end", readAll(pair.server)), bytesOf(""));
  await pair.server.closeWrite();
  assertEquals(await within("the end", readAll(pair.client)), bytesOf(""));
  await through.happens(({ kind }) => kind === "close");
  const told = through.events.map((event) => [
    event.conn,
    event.kind,
    "from" in event ? event.from : "",
    "bytes" in event ? textOf(event.bytes) : "",
  ]);
  assertEquals(told, [
    [1, "connect", "", ""],
    [1, "chunk", "client", "PING\n"],
    [1, "chunk", "server", "PONG\n"],
    [1, "end", "client", ""],
    [1, "end", "server", ""],
    [1, "close", "", ""],
  ]);
});

Deno.test("the trace says whose connections they are", async () => {
  await using through = await Through.make();
  using pair = await through.connect();
  const event = await through.happens(({ kind }) => kind === "connect");
  assertEquals(event, {
    at: event.at,
    conn: 1,
    kind: "connect",
    client: formatAddress(pair.client.localAddr),
    server: formatAddress(pair.server.localAddr),
  });
});

Deno.test("after a half-close the other direction goes on, either way", async () => {
  await using through = await Through.make();
  for (const first of ["client", "server"] as const) {
    using pair = await through.connect();
    const second = first === "client" ? "server" : "client";
    await pair[first].closeWrite();
    assertEquals(await within("the end", readAll(pair[second])), bytesOf(""));
    await writeAll(pair[second], bytesOf("still here"));
    await pair[second].closeWrite();
    const rest = await within("the rest", readAll(pair[first]));
    assertEquals(textOf(rest), "still here");
  }
});

Deno.test("a reset arrives as a reset, and what came before it comes first", async () => {
  await using through = await Through.make();
  const resetting = await connectResetting(through.port);
  using server = await through.accept();
  await resetting.write(bytesOf("last words"));
  assertEquals(
    textOf(await within("it", readExactly(server, 10))),
    "last words",
  );
  await resetting.reset();
  const buffer = new Uint8Array(10);
  await assertRejects(
    () => within("the reset", server.read(buffer)),
    Deno.errors.ConnectionReset,
  );
  await through.happens((event) =>
    event.kind === "reset" && event.by === "client"
  );
});

Deno.test("a client that is gone resets the server, once that sends", async () => {
  await using through = await Through.make();
  const pair = await through.connect();
  using server = pair.server;
  pair.client.close();
  assertEquals(await within("the end", readAll(server)), bytesOf(""));
  await assertRejects(async () => {
    await within(
      "the reset",
      (async () => {
        while (true) await writeAll(server, new Uint8Array(1000));
      })(),
    );
  }, Error);
});

Deno.test("where nobody listens the client is reset, and the trace says why", async () => {
  await using through = await Through.make();
  through.stopListening();
  using client = await Deno.connect({ port: through.port });
  await assertRejects(
    () => within("the reset", client.read(new Uint8Array(1))),
    Deno.errors.ConnectionReset,
  );
  const event = await through.happens(({ kind }) => kind === "refused");
  const why = event.kind === "refused" ? event.why : "";
  assertMatch(why, /:\d+, nobody listens there \(ECONNREFUSED\)$/);
});

Deno.test("one who does not read holds up the one who sends, and nobody else", async () => {
  await using through = await Through.make();
  using sleeping = await through.connect();
  using awake = await through.connect();
  const chunk = new Uint8Array(65_536);
  let sent = 0;
  let asleep = true;
  const sending = (async () => {
    while (asleep) {
      await writeAll(sleeping.client, chunk);
      sent += chunk.length;
    }
  })();
  sending.catch(() => {}); // Where something else has failed.
  // It stands still when all queues are full: nothing goes for a while.
  for (let before = -1; before !== sent;) {
    before = sent;
    for (let turn = 0; turn < 20; turn++) {
      await writeAll(awake.client, bytesOf("x"));
      await within("the other one", readExactly(awake.server, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const [open] = await through.proxy.open();
  // A mebibyte, and what was being read.
  const held = open?.waiting.client.wire ?? Infinity;
  assert(held <= 1_300_000, `${held}`);
  if (Deno.build.os === "linux") {
    const { before = 0, behind = 0 } = open?.waiting.client ?? {};
    // All that was sent is somewhere; a read or a write may be under way.
    const waiting = (before ?? 0) + held + (behind ?? 0);
    assert(Math.abs(waiting - sent) <= 2 * chunk.length, `${waiting - sent}`);
  }
  assert(sent < 64 * 1024 * 1024, `${sent}`);
  asleep = false;
  const count = async () => {
    let bytes = 0;
    const buffer = new Uint8Array(1 << 20);
    while (bytes < sent) bytes += await sleeping.server.read(buffer) ?? 0;
    return bytes;
  };
  const reading = count();
  await within("the sender", sending);
  assertEquals(await within("all of it", reading), sent);
});

Deno.test("when it is let go of, everybody sees a reset, and nothing is left", async () => {
  const through = await Through.make();
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf("x"));
  await within("it", readExactly(pair.server, 1));
  await within("its end", through[Symbol.asyncDispose]());
  for (const end of [pair.client, pair.server]) {
    await assertRejects(
      () => within("the reset", end.read(new Uint8Array(1))),
      Deno.errors.ConnectionReset,
    );
    close(end);
  }
});
