/**
 * What the text of lesson 02 says, shown.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import {
  assertTurnsAway,
  bytesOf,
  startClient,
  startServer,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { startScript } from "../program.ts";

const SERVER = "lessons/02_request_reply/ack_server.ts";
const CLIENT = "lessons/02_request_reply/ack_client.ts";
const linux = Deno.build.os === "linux";
const unix = Deno.build.os !== "windows";

Deno.test("an empty message gets no reply: the client waits until its time is over", async () => {
  await using server = startServer(SERVER);
  await using client = startClient(
    CLIENT,
    await server.port(),
    "--timeout",
    "0.3",
    "",
  );
  const { code, stdout } = await client.ending();
  assertEquals(code, 1);
  assertMatch(
    stdout,
    /Sending: \n\[CLIENT\] Server did not respond in time\n$/,
  );
  const ending = await server.ending();
  assertEquals(ending.code, 0);
  assertMatch(
    ending.stdout,
    /Connection from .*\n\[SERVER\] Closed connection\n$/,
  );
});

Deno.test("of a longer message 1024 bytes are acknowledged, and 1024 of the reply are shown", async () => {
  await using server = startServer(SERVER, "--forever");
  const port = await server.port();
  using conn = await Deno.connect({ port });
  await writeAll(conn, bytesOf("x".repeat(2000)));
  const reply = new TextDecoder().decode(await readExactly(conn, 1029));
  assertEquals(reply, `ACK: ${"x".repeat(1024)}`);

  await using client = startClient(CLIENT, port, "x".repeat(2000));
  const { stdout } = await client.ending();
  assertMatch(stdout, /Received: ACK: x{1019}\n/);
});

Deno.test("two messages in one write are taken for one", async () => {
  await using server = startServer(SERVER);
  using conn = await Deno.connect({ port: await server.port() });
  await writeAll(conn, bytesOf("onetwo"));
  assertEquals(
    await within("the reply", readAll(conn)),
    bytesOf("ACK: onetwo"),
  );
});

Deno.test("a message in two parts is acknowledged after the first", async () => {
  await using server = startServer(SERVER);
  using conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  await writeAll(conn, bytesOf("Hello "));
  // The reply is there before the second part is even sent.
  const reply = await within("the reply", readExactly(conn, 11));
  assertEquals(reply, bytesOf("ACK: Hello "));
});

Deno.test("of a reply in two parts the client shows the first", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using client = startClient(CLIENT, listener.addr.port);
  using conn = await within("the client", listener.accept());
  await writeAll(conn, bytesOf("ACK: Hel"));
  await client.stdout.match(/Received: ACK: Hel\n/);
  assertEquals((await client.ending()).code, 0); // It does not wait for the rest.
});

Deno.test("a silent client holds up the server, and the next client gives up", async () => {
  await using server = startServer(SERVER, "--forever");
  const port = await server.port();
  using silent = await Deno.connect({ port });
  await server.stdout.match(/Connection from/);
  await using next = startClient(CLIENT, port, "--timeout", "0.3");
  const { code, stdout } = await next.ending();
  assertEquals(code, 1);
  assertMatch(stdout, /Connected to .*\n.*\n\[CLIENT\] Server did not respond/);

  // The silent one goes: the server takes the one that has given up, finds its
  // message and acknowledges it, although nobody is there any more.
  await silent.closeWrite();
  await server.stdout.match(/Sent: ACK: Hello Server\n\[SERVER\] Closed/);
  await using last = startClient(CLIENT, port);
  assertEquals((await last.ending()).code, 0);
});

Deno.test({
  name:
    "a stopped server has its clients connected, and answers into the void later",
  ignore: !unix,
  async fn() {
    await using server = startServer(SERVER);
    const port = await server.port();
    server.kill("SIGSTOP"); // Ctrl+Z
    await using client = startClient(CLIENT, port, "--timeout", "0.3");
    const { code, stdout } = await client.ending();
    assertEquals(code, 1);
    assertMatch(
      stdout,
      /Connected to .*\n.*\n\[CLIENT\] Server did not respond/,
    );
    server.kill("SIGCONT"); // fg
    assertMatch(
      (await server.ending()).stdout,
      /Sent: ACK: Hello Server\n\[SERVER\] Closed connection\n$/,
    );
  },
});

Deno.test("the server starts again at once on the same port, after it has closed first", async () => {
  await using first = startServer(SERVER);
  const port = await first.port();
  {
    using conn = await Deno.connect({ port });
    await writeAll(conn, bytesOf("hello"));
    await within("the end", readAll(conn)); // The server has closed before us.
  }
  assertEquals((await first.ending()).code, 0);
  if (linux) assertEquals(inTimeWait(port), true);

  await using second = startScript(SERVER, ["--port", String(port)]);
  assertEquals(await second.port(), port);
  await using client = startClient(CLIENT, port);
  assertEquals((await client.ending()).code, 0);
});

/** Whether a connection of this port is in TIME_WAIT (state 06). */
function inTimeWait(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return Deno.readTextFileSync("/proc/net/tcp").split("\n").some((row) => {
    const [, address, , state] = row.trim().split(/\s+/);
    return address?.endsWith(local) === true && state === "06";
  });
}

Deno.test("both programs take host and port from config.ts", async () => {
  for (const script of [SERVER, CLIENT]) {
    await using program = startScript(script, ["--help"]);
    const { code, stdout } = await program.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "(127.0.0.1 unless given)");
    assertStringIncludes(stdout, "(5000 unless given)");
  }
});

Deno.test("the exercise runs: it says that it listens, and turns its clients away", async () => {
  await using exercise = startServer("lessons/02_request_reply/exercise.ts");
  await assertTurnsAway(exercise);
});
