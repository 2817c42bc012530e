import { assertEquals, assertRejects } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { serve, type ServeOptions } from "../../lib/serve.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A server of a test, and how to connect to it. */
interface Served extends AsyncDisposable {
  port: number;
  listener: Deno.TcpListener;
  ended: Promise<void>;
  connect(): Promise<Deno.TcpConn>;
  stop(): void;
}

function start(
  handle: (conn: Deno.TcpConn) => Promise<void>,
  options: ServeOptions = {},
): Served {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const controller = new AbortController();
  const ended = serve(listener, handle, {
    signal: controller.signal,
    ...options,
  });
  return {
    port,
    listener,
    ended,
    connect: () => Deno.connect({ port }),
    stop: () => controller.abort(),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await within("the server to end", ended);
    },
  };
}

/** Answers every line with the same line. */
async function echoLines(conn: Deno.TcpConn): Promise<void> {
  for await (const line of readLines(conn)) {
    await writeAll(conn, encoder.encode(`${line}\n`));
  }
}

async function ask(conn: Deno.Conn, line: string): Promise<string> {
  await writeAll(conn, encoder.encode(`${line}\n`));
  const { value } = await within(
    `the answer to ${line}`,
    readLines(conn).next(),
  );
  return value ?? "(nothing)";
}

Deno.test("serve() serves clients at the same time", async () => {
  await using server = start(echoLines);
  using first = await server.connect();
  using second = await server.connect();
  assertEquals(await ask(first, "a"), "a");
  assertEquals(await ask(second, "b"), "b");
  assertEquals(await ask(first, "c"), "c");
});

Deno.test("serve() answers a client that has sent its last word", async () => {
  await using server = start(echoLines);
  using client = await server.connect();
  await writeAll(client, encoder.encode("one\ntwo\n"));
  await client.closeWrite();
  const reply = await within("the answers", readAll(client));
  assertEquals(decoder.decode(reply), "one\ntwo\n");
});

Deno.test("serve() tells what a handler throws, and goes on", async () => {
  const told: unknown[] = [];
  const failure = new Error("Broken on purpose");
  await using server = start(async (conn) => {
    const { value } = await readLines(conn).next();
    if (value === "fail") throw failure;
    await writeAll(conn, encoder.encode("fine\n"));
  }, { onError: (error) => told.push(error) });

  using failing = await server.connect();
  await writeAll(failing, encoder.encode("fail\n"));
  await within("the connection to be closed", readAll(failing));
  using next = await server.connect();
  assertEquals(await ask(next, "hello"), "fine");
  assertEquals(told, [failure]);
});

Deno.test("serve() does not let a reset reach another client", async () => {
  const told = Promise.withResolvers<unknown>();
  await using server = start(echoLines, { onError: told.resolve });
  using witness = await server.connect();
  const client = await connectResetting(server.port);
  await client.write(encoder.encode("half a li"));
  assertEquals(await ask(witness, "before"), "before");
  await client.reset();
  const error = await within("the reset to be told", told.promise);
  assertEquals(error instanceof Deno.errors.ConnectionReset, true);
  assertEquals(await ask(witness, "after"), "after");
});

Deno.test("serve() passes over clients that reset before they are accepted", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  for (let i = 0; i < 100; i++) await (await connectResetting(port)).reset();
  const stop = new AbortController();
  const served = serve(listener, echoLines, { signal: stop.signal });
  using client = await Deno.connect({ port });
  assertEquals(await ask(client, "hello"), "hello");
  stop.abort();
  await within("the server to end", served);
});

Deno.test("serve() lets the next client wait when its connections are used up", async () => {
  let most = 0;
  let now = 0;
  await using server = start(async (conn) => {
    most = Math.max(most, ++now);
    await echoLines(conn);
    now--;
  }, { maxConnections: 2 });

  const clients = await Promise.all([1, 2, 3, 4].map(() => server.connect()));
  // Each is served as soon as one before it has gone.
  for (const client of clients) {
    assertEquals(await ask(client, "hello"), "hello");
    client.close();
  }
  assertEquals(most, 2);
});

Deno.test("serve() ends at once when no client is owed anything", async () => {
  await using server = start(echoLines, { grace: 1_000_000 });
  using client = await server.connect();
  assertEquals(await ask(client, "hello"), "hello"); // It is being served now.
  server.stop();
  await within("the server to end", server.ended);
  assertEquals(await readAll(client), new Uint8Array());
  await assertRejects(server.connect, Deno.errors.ConnectionRefused);
});

Deno.test("serve() lets the replies under way go out before it ends", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  await using server = start(async (conn) => {
    for await (const _ of readLines(conn)) {
      asked.resolve();
      await writeAll(conn, encoder.encode(await answer.promise));
    }
  }, { grace: 1_000_000 });

  using client = await server.connect();
  await writeAll(client, encoder.encode("think\nmore, too late\n"));
  await within("the question to arrive", asked.promise);
  server.stop();
  answer.resolve("42");
  const reply = await within("the answer", readAll(client));
  // Both lines came in one read, before the signal: both are owed an answer.
  assertEquals(decoder.decode(reply), "4242");
});

Deno.test("serve() closes what its grace has not been enough for", async () => {
  const writing = Promise.withResolvers<void>();
  await using server = start(async (conn) => {
    writing.resolve();
    await writeAll(conn, new Uint8Array(64 * 1024 * 1024));
  }, {
    grace: 10,
    onError: () => {
      throw new Error("A connection that was closed on purpose is no error");
    },
  });
  using _client = await server.connect(); // It never reads.
  await within("the write to begin", writing.promise);
  server.stop();
  await within("the server to end", server.ended);
});

Deno.test("serve() ends when its listener is closed", async () => {
  await using server = start(echoLines);
  server.listener.close();
  await within("the server to end", server.ended);
});

Deno.test("serve() does not begin when the signal was aborted before", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await within(
    "the server to end",
    serve(listener, echoLines, { signal: AbortSignal.abort() }),
  );
});

Deno.test("serve() refuses to serve nobody", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assertRejects(
    () => serve(listener, echoLines, { maxConnections: 0 }),
    RangeError,
    "maxConnections must be at least 1, not 0",
  );
});
