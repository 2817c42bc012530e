import { assertEquals, assertMatch } from "@std/assert";
import { createServer, type Socket } from "node:net";
import { type Client, connect, hex } from "../../../tools/wire/replay.ts";
import { within } from "../../deadline.ts";
import fc from "../../fast_check.ts";
import { chunked } from "../../lib/chunks.ts";

/** A client, and the server's end of its connection. */
interface Both extends AsyncDisposable {
  client: Client;
  server: Socket;
}

async function connectBoth(): Promise<Both> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const listener = createServer({ allowHalfOpen: true }, resolve);
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const { port } = listener.address() as { port: number };
  const client = await connect(`127.0.0.1:${port}`, "client 1");
  const server = await within("the connection", promise);
  server.on("error", () => {}); // Whatever the client does to it is fine.
  server.setNoDelay(true);
  return {
    client,
    server,
    async [Symbol.asyncDispose]() {
      await client.close();
      server.destroy();
      await new Promise<void>((done) => listener.close(() => done()));
    },
  };
}

function write(socket: Socket, data: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => socket.write(data, () => resolve()));
}

/** The error of a step that fails. */
function errorOf(step: Promise<unknown>): Promise<Error> {
  const failed = step.then(
    () => new Error("It did not fail"),
    (error: Error) => error,
  );
  return within("a failure", failed);
}

/** What a step says that fails, in lines. */
async function failureOf(step: Promise<unknown>): Promise<string[]> {
  return (await errorOf(step)).message.split("\n");
}

Deno.test("a client gets the bytes that it expects, however they are cut", async () => {
  await using both = await connectBoth();
  const { client, server } = both;
  await fc.assert(
    fc.asyncProperty(
      chunked(fc.uint8Array({ minLength: 1, maxLength: 60 })),
      fc.nat(60),
      async ({ bytes, chunks }, cut) => {
        const sent = (async () => {
          for (const chunk of chunks) await write(server, chunk);
        })();
        // And however many steps expect them.
        await client.expect(bytes.subarray(0, cut));
        await client.expect(bytes.subarray(cut));
        await sent;
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("a step fails at the first wrong byte, and shows where it is", async () => {
  const cases: [string | Uint8Array, string | Uint8Array, string[]][] = [
    ["1: a\n2: b\n", "1: a\n1: b\n", [
      "client 1: got something else",
      '  expected  "1: a\\n2: b\\n"',
      '  received  "1: a\\n1: b\\n"',
      "                   ^ byte 5",
    ]],
    [hex("00 01 02"), hex("00 ff"), [
      "client 1: got something else",
      "  expected  00 01 02",
      "  received  00 ff",
      "               ^ byte 1",
    ]],
    [`${"-".repeat(70)}€€`, `${"-".repeat(70)}€$`, [
      "client 1: got something else",
      '  expected  ... "---------€€"',
      '  received  ... "---------€$"',
      "                           ^ byte 73",
    ]],
  ];
  for (const [due, came, lines] of cases) {
    await using both = await connectBoth();
    await write(both.server, came);
    assertEquals(await failureOf(both.client.expect(due)), lines);
  }
});

Deno.test("a failure points at the step in the test", async () => {
  await using both = await connectBoth();
  await write(both.server, "no");
  const { stack = "" } = await errorOf(both.client.expect("yes"));
  assertMatch(stack, /^Error: [^]*?\n +at async .*wire\/replay_test\.ts/);
});

Deno.test("the end of the stream, a reset and more bytes are told apart", async () => {
  const end = (server: Socket) => void server.end();
  const reset = (server: Socket) => void server.resetAndDestroy();
  const more = (server: Socket) => void server.end("more");
  const cases: [
    (server: Socket) => void,
    (client: Client) => Promise<void>,
    string[],
  ][] = [
    [end, (client) => client.expectEnd(), []],
    [reset, (client) => client.expectReset(), []],
    [end, (client) => client.expectReset(), [
      "client 1: expected a reset, but the stream ended",
    ]],
    [reset, (client) => client.expectEnd(), [
      "client 1: expected the end of the stream, but the connection was reset",
    ]],
    [more, (client) => client.expectEnd(), [
      "client 1: expected the end of the stream, but got",
      '  received  "more"',
    ]],
    [more, (client) => client.expect("more and more"), [
      "client 1: the stream ended: 4 of 13 bytes have come",
      '  expected  "more and more"',
      '  received  "more"',
      "                 ^ byte 4",
    ]],
    [end, async (client) => {
      await client.halfClose();
      await client.send("too late");
    }, ["client 1: has said that it sends no more"]],
  ];
  for (const [serve, step, lines] of cases) {
    await using both = await connectBoth();
    serve(both.server);
    const done = step(both.client);
    if (lines.length === 0) await within("the step", done);
    else assertEquals(await failureOf(done), lines);
  }
});

Deno.test("sending to a server that is gone is no failure: what is expected next is", async () => {
  await using both = await connectBoth();
  const { client, server } = both;
  server.resetAndDestroy();
  const start = performance.now();
  for (let count = 0; count < 3; count++) await client.send("anybody?");
  await client.halfClose();
  // Nobody has waited until patience ended.
  assertEquals(performance.now() - start < 4000, true);
  const [first] = await failureOf(client.expect("yes"));
  assertEquals(
    first,
    "client 1: the connection was reset: 0 of 3 bytes have come",
  );
  await client.expectReset();
  await client.reset();
});

Deno.test("a client can half-close and receive, and its reset is one", async () => {
  await using both = await connectBoth();
  const { client, server } = both;
  const ended = new Promise<void>((resolve) => server.once("end", resolve));
  server.resume();
  await client.halfClose();
  await within("the end", ended);
  await write(server, "still here");
  await client.expect("still here");

  await using other = await connectBoth();
  const broken = new Promise<{ code?: string }>((resolve) =>
    other.server.once("error", resolve)
  );
  other.server.resume();
  await other.client.reset();
  assertEquals((await within("the reset", broken)).code, "ECONNRESET");
});

Deno.test("a step that waits for nothing gives up after 5 s, and says so", async () => {
  const cases: [(client: Client) => Promise<void>, string[]][] = [
    [(client) => client.expect("a"), [
      "client 1: nothing more came for 5 s: 0 of 1 bytes have come",
      '  expected  "a"',
      '  received  ""',
      "             ^ byte 0",
    ]],
    [(client) => client.expectEnd(), [
      "client 1: expected the end of the stream, but nothing more came for 5 s",
    ]],
    [(client) => client.expectReset(), [
      "client 1: expected a reset, but nothing more came for 5 s",
    ]],
    [(client) => client.send(new Uint8Array(32 * 1024 * 1024)), [
      "client 1: cannot send 33554432 bytes: the server does not read",
    ]],
  ];
  await Promise.all(cases.map(async ([step, lines]) => {
    await using both = await connectBoth();
    both.server.pause();
    assertEquals(await failureOf(step(both.client)), lines);
  }));
});

Deno.test("a server that is not there is named, and what to do", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const [first, ...more] = await failureOf(
    connect(`127.0.0.1:${port}`, "client 7"),
  );
  assertMatch(
    first ?? "",
    /^client 7 cannot connect to 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  );
  assertEquals(more, [
    "  Does the server run? At another address: -- --to HOST:PORT",
  ]);
  assertEquals(await failureOf(connect("localhost", "client 1")), [
    '"localhost" is no HOST:PORT',
  ]);
});
