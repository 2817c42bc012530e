/**
 * What the text of lesson 05 says, shown.
 *
 * @module
 */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import {
  assertTurnsAway,
  bytesOf,
  startClient,
  startServer,
  textOf,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";

const linux = Deno.build.os === "linux";
const SERVER = "lessons/05_iterative/iterative_server.ts";
const CLIENT = "lessons/01_echo/echo_client.ts";

Deno.test("the second client of two has its prompt, and its answer when the first quits", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  await using first = startClient(CLIENT, port);
  await first.type("hello\n");
  await first.stdout.match(/Received: hello\n/);

  await using second = startClient(CLIENT, port);
  await second.stdout.match(/Send \(empty to quit\): $/); // It is connected.
  await second.type("me too\n");
  await first.type("still me\n");
  await first.stdout.match(/Received: still me\n/);
  assertEquals(second.stdout.text, "Send (empty to quit): ");

  await first.type("\n");
  await second.stdout.match(/Received: me too\n/);
  await second.type("\n");
  assertEquals((await second.ending()).code, 0);
  await server.stdout.match(
    /^Listening on .*\n(Connected by 127\.0\.0\.1:\d+\nClient disconnected\n){2}$/,
  );
});

Deno.test("one silent client holds up everybody, until it goes", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  const silent = await Deno.connect({ port });
  await server.stdout.match(/Connected by/);

  await using waiting = startClient(CLIENT, port);
  await waiting.type("hello?\n");
  await waiting.stdout.match(/Send/);
  using impatient = await Deno.connect({ port });
  await writeAll(impatient, new Uint8Array([63]));
  const reading = impatient.read(new Uint8Array(1));
  const late = within("an answer", reading, 300);
  await assertRejects(() => late, Error, "Waited 300 ms for an answer");
  assertEquals(server.stdout.text.match(/Connected/g)?.length, 1);

  silent.close();
  await waiting.stdout.match(/Received: hello\?\n/);
  await waiting.type("\n");
  assertEquals(await within("the answer", reading), 1);
});

Deno.test({
  name: "a backlog of N holds N + 1 connections, and the next one waits",
  ignore: !linux,
  async fn() {
    for (const tcpBacklog of [1, 5]) {
      using listener = Deno.listen({
        hostname: "127.0.0.1",
        port: 0,
        tcpBacklog,
      });
      using clients = new DisposableStack();
      const { port } = listener.addr;
      for (let count = 0; count < tcpBacklog + 1; count++) {
        clients.use(await within("a connection", Deno.connect({ port })));
      }
      const error = await assertRejects(() =>
        Deno.connect({ port, signal: AbortSignal.timeout(500) })
      );
      assertEquals((error as DOMException).name, "TimeoutError");

      // Each accept makes room for one.
      const next = Deno.connect({ port });
      clients.use(await listener.accept());
      clients.use(await within("the next one", next));
    }
  },
});

Deno.test({
  name: "Deno's own backlog of 511 holds 512 connections",
  // The system has a limit of its own, which may be lower.
  ignore: !linux || somaxconn() < 511,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using clients = new DisposableStack();
    const { port } = listener.addr;
    for (let count = 0; count < 512; count++) {
      clients.use(await within("a connection", Deno.connect({ port })));
    }
    await assertRejects(() =>
      Deno.connect({ port, signal: AbortSignal.timeout(500) })
    );
  },
});

function somaxconn(): number {
  return Number(Deno.readTextFileSync("/proc/sys/net/core/somaxconn"));
}

Deno.test("what a waiting client sends lies in the system until it is accepted", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const client = await Deno.connect({ port });
  await writeAll(client, bytesOf("early"));
  client.close(); // It has even gone again.
  using conn = await listener.accept();
  assertEquals(textOf(await readAll(conn)), "early");
});

Deno.test({
  name:
    "accept throws for a client that reset in the queue, and the listener is fine",
  ignore: !linux,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    await (await connectResetting(port)).reset();
    using _next = await Deno.connect({ port });
    await assertRejects(() => listener.accept(), Deno.errors.NotConnected);
    (await within("the next client", listener.accept())).close();
  },
});

Deno.test("a connection left open does not hinder the next accept, but its client sees no end", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using forgotten = await Deno.connect({ port });
  await forgotten.closeWrite();
  const conn = await listener.accept();
  assertEquals(await within("the end", conn.read(new Uint8Array(1))), null);

  using _next = await Deno.connect({ port });
  (await within("the next client", listener.accept())).close();
  const end = forgotten.read(new Uint8Array(1));
  const late = within("the end", end, 200);
  await assertRejects(() => late, Error, "Waited 200 ms for the end");
  conn.close();
  assertEquals(await within("the end", end), null);
});

Deno.test("while a read waits, the program goes on elsewhere", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await Deno.connect({ port: listener.addr.port });
  using conn = await listener.accept();
  const reading = readExactly(conn, 1); // It waits for the client.
  const timer = new Promise<string>((resolve) =>
    setTimeout(resolve, 1, "a timer fired")
  );
  assertEquals(await within("the timer", timer), "a timer fired");
  await client.write(new Uint8Array([7]));
  assertEquals(await reading, new Uint8Array([7]));
});

Deno.test("the exercise runs: it says that it listens, and turns its clients away", async () => {
  const script = "lessons/05_iterative/exercise.ts";
  await using exercise = startServer(script, "--patience", "0.5");
  await assertTurnsAway(exercise);
  await exercise.stdout.match(/silent for 0\.5 s\n/);
});

Deno.test("the server ends its waiting clients when it ends", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  using _served = await Deno.connect({ port });
  await server.stdout.match(/Connected by/);
  await using waiting = startClient(CLIENT, port);
  await waiting.type("hello?\n");
  await waiting.stdout.match(/Send/);
  server.kill("SIGINT");
  assertEquals((await server.ending()).code, 0);
  const { code, stdout } = await waiting.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /Server closed connection\n$/);
});
