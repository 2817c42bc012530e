/**
 * What the text of lesson 08 says, shown.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { startClient, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectedPair, connectResetting } from "../loopback.ts";
import { needsPython, startPython } from "../peers.ts";
import { ack, CLIENT, connect, SERVER } from "./session.ts";

const EXERCISE = "lessons/08_helpdesk/exercise.ts";

Deno.test("a write succeeds though no program ever reads, or even accepts", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await Deno.connect({ port: listener.addr.port });
  const sent = writeAll(client, new TextEncoder().encode("Can you help?\n"));
  await within("the write", sent);
});

Deno.test("a read that lost against a timer swallows the next bytes", async () => {
  using pair = await connectedPair();
  const kept = new Uint8Array(10);
  const beside = new Uint8Array(10);
  const first = pair.server.read(kept);
  const second = pair.server.read(beside);
  await writeAll(pair.client, new Uint8Array([1]));
  assertEquals(await within("the read", first), 1);
  assertEquals(kept[0], 1);
  await writeAll(pair.client, new Uint8Array([2]));
  assertEquals(await within("the second read", second), 1);
  assertEquals(beside[0], 2);
});

Deno.test("to close while bytes are unread fails the client's write", async () => {
  using pair = await connectedPair();
  const bytes = new Uint8Array(64 * 1024 * 1024);
  const writing = writeAll(pair.client, bytes).catch((error) => error);
  await pair.server.read(new Uint8Array(10));
  pair.server.close();
  assertEquals(isDisconnect(await within("the write to fail", writing)), true);
});

Deno.test({
  name: "a server that is stopped still gets what its client has given up on",
  ignore: Deno.build.os === "windows", // It knows no SIGSTOP.
  async fn() {
    await using server = startServer(SERVER);
    const port = await server.port();
    server.kill("SIGSTOP");
    try {
      await using client = startClient(CLIENT, port, "--timeout", "0.1");
      assertEquals(await client.ending(), {
        code: 1,
        stdout: "",
        stderr: "[CLIENT] Server did not respond in time\n",
      });
    } finally {
      server.kill("SIGCONT");
    }
    await server.stdout.match(/Client: Hello, can you help\?\n/);
  },
});

/** The source's loop: what a read returns is taken for a message. */
const PYTHON_SERVER = `
import socket
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on %s:%d" % s.getsockname())
    conn, _ = s.accept()
    while data := conn.recv(1024):
        conn.sendall(b"[ACK @12:00:00] " + data)
`;

Deno.test(
  "a server that answers each read gives three messages in one segment one answer",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    using session = await connect(server);
    await session.send("one\ntwo\nthree\n");
    await session.conn.closeWrite();
    assertEquals(await session.rest(), [ack("one"), "two", "three"]);
  },
);

Deno.test("the exercise runs: it acknowledges, for clients at once, HISTORY too", async () => {
  const log = ["--log", "work/there-is-no-such-folder/log.jsonl"];
  await using exercise = startServer(EXERCISE, ...log);
  using first = await connect(exercise);
  using second = await connect(exercise);
  await first.send("one\r\ntw");
  assertEquals(await first.line(), ack("one"));
  await second.send("HISTORY\n\x1b[2J\n");
  assertEquals(await second.line(), ack("HISTORY"));
  assertEquals(await second.line(), ack("\x1b[2J"));
  await exercise.stdout.match(/Client: \?\[2J\n/);
  const resetting = await connectResetting(await exercise.port());
  await resetting.write(new TextEncoder().encode("bye\n"));
  await exercise.stdout.match(/Client: bye/);
  await resetting.reset();
  await first.send("o\n");
  await first.conn.closeWrite();
  assertEquals(await first.rest(), [ack("two")]);
  await second.send("cut off");
  await second.conn.closeWrite();
  assertEquals(await second.rest(), []);
  assertEquals(exercise.stderr.text, "");
});

Deno.test("the exercise works with the client that its page names", async () => {
  await using exercise = startServer(EXERCISE);
  const port = await exercise.port();
  await using client = startClient(CLIENT, port, "--interactive");
  await client.type("printer is on fire\nHISTORY\n\n");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /\] printer is on fire\n.*\] HISTORY\n/);
});
