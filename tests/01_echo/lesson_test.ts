/**
 * What the text of lesson 01 says, shown.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { serveOne } from "../../lessons/01_echo/echo_server.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { startClient, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectedPair, connectResetting, readAll } from "../loopback.ts";

const SERVER = "lessons/01_echo/echo_server.ts";
const CLIENT = "lessons/01_echo/echo_client.ts";

Deno.test("a write may take only a part", async () => {
  using pair = await connectedPair();
  const bytes = new Uint8Array(64 * 1024 * 1024); // Nobody reads them.
  const taken = await within("the write", pair.client.write(bytes));
  assertEquals(taken > 0 && taken < bytes.length, true, `${taken} bytes`);
});

Deno.test("a read returns what has arrived, not what was sent in one write", async () => {
  using pair = await connectedPair();
  await writeAll(pair.client, new TextEncoder().encode("hello"));
  await pair.client.closeWrite();
  const parts: string[] = [];
  const buffer = new Uint8Array(2);
  for (let count; (count = await pair.server.read(buffer)) !== null;) {
    parts.push(new TextDecoder().decode(buffer.subarray(0, count)));
  }
  assertEquals(parts, ["he", "ll", "o"]);
});

Deno.test("a client connects before accept is called", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await within(
    "the connection",
    Deno.connect({ port: listener.addr.port }),
  );
  await writeAll(client, new Uint8Array([7]));
  using conn = await listener.accept();
  assertEquals(await readExactly(conn, 1), new Uint8Array([7]));
});

Deno.test("the accepted socket has the port of the listener", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await Deno.connect({ port: listener.addr.port });
  using conn = await listener.accept();
  assertEquals(conn.localAddr, listener.addr);
  assertEquals(conn.remoteAddr, client.localAddr);
});

Deno.test("a second client is connected, waits, and is turned away when the server ends", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  await using first = startClient(CLIENT, port);
  await first.type("one\n");
  await first.stdout.match(/Received: one/);

  await using second = startClient(CLIENT, port);
  await second.stdout.match(/Send/); // Connected, or it would have no prompt.
  await second.type("two\n");
  await first.type("\n");
  assertEquals((await server.ending()).code, 0);
  const { code, stdout } = await second.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /^Send \(empty to quit\): Server closed connection\n$/);
});

Deno.test("a client that resets before it is accepted does not use up the server", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await (await connectResetting(listener.addr.port)).reset();
  using client = await Deno.connect({ port: listener.addr.port });
  const served = serveOne(listener);
  await writeAll(client, new Uint8Array([7]));
  await client.closeWrite();
  const reply = await within("the echo", readAll(client));
  assertEquals(reply, new Uint8Array([7]));
  await served;
});

Deno.test("a client that has lost its server hears of it when it sends again", async () => {
  await using server = startServer(SERVER);
  await using client = startClient(CLIENT, await server.port());
  await client.stdout.match(/Send/);
  await server.stdout.match(/Connected by/);
  server.kill("SIGINT");
  await server.ending();
  await client.type("hello\n");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /Server closed connection\n$/);
});

Deno.test("the exercise runs: it says that it listens, and turns its client away", async () => {
  await using exercise = startServer("lessons/01_echo/exercise.ts");
  using client = await Deno.connect({ port: await exercise.port() });
  const buffer = new Uint8Array(1);
  assertEquals(await within("the end", client.read(buffer)), null);
  const { code, stderr } = await exercise.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});
