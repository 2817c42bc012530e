/**
 * Both programs with each other, with nc, and with programs in the manner of
 * the source texts.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startClient, startServer } from "../conversation.ts";
import {
  needsNc,
  needsPython,
  runNc,
  runPython,
  startPython,
} from "../peers.ts";
import { ack, CLIENT, SERVER, timeless } from "./session.ts";

/** What our client prints, its times replaced. */
const PRINTED = [
  "Hello, can you help?",
  "I have a problem with my account",
  "Thank you, goodbye",
].map((text) => `[CLIENT] ${ack(text)}\n`).join("");

Deno.test("our client and our server hold a session", async () => {
  await using server = startServer(SERVER);
  await using client = startClient(CLIENT, await server.port());
  const { code, stdout, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(timeless(stdout), PRINTED);
  await server.stdout.match(/Client: Thank you, goodbye\n.*Disconnected/);
});

Deno.test(
  "nc gets an acknowledgement a line, the last one without its newline",
  needsNc,
  async () => {
    await using server = startServer(SERVER);
    const port = await server.port();
    const { code, stdout, stderr } = await runNc(port, "one\ntwo\nthree");
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const replies = ["one", "two", "three"].map((text) => `${ack(text)}\n`);
    assertEquals(timeless(stdout), replies.join(""));
  },
);

/** A client in the manner of the source: no newline, one recv a message. */
const PYTHON_CLIENT = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    for text in ["Hello, can you help?", "My account is l\\u00f6cked", "Goodbye"]:
        s.sendall(text.encode())
        print("[CLIENT]", s.recv(1024).decode())
`;

Deno.test(
  "a Python client that sends no newline gets its three replies",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    const port = await server.port();
    const { code, stdout, stderr } = await runPython(PYTHON_CLIENT, port);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const texts = ["Hello, can you help?", "My account is löcked", "Goodbye"];
    const lines = texts.map((text) => `[CLIENT] ${ack(text)}\n\n`);
    assertEquals(timeless(stdout), lines.join(""));
    await server.stdout.match(/Client: Goodbye\n.*Disconnected from \S+\n/);
  },
);

/** Python tells a reset from an end, which Deno's `read` does not always do. */
const TALKER = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall(b"x" * 300_000)
    s.shutdown(socket.SHUT_WR)
    while data := s.recv(1024):
        print(data.decode(), end="")
`;

Deno.test(
  "a line over the limit is refused in order, without a reset",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    assertEquals(await runPython(TALKER, await server.port()), {
      code: 0,
      stdout: "ERROR: Line too long\n",
      stderr: "",
    });
  },
);

/** A server in the manner of the source: it answers what each recv returns. */
const PYTHON_SERVER = `
import socket, sys, time
strip = sys.argv[1] == "strip"
with socket.create_server(("127.0.0.1", 0)) as s:
    print("[SERVER] Listening on %s:%d" % s.getsockname())
    conn, addr = s.accept()
    with conn:
        while data := conn.recv(1024):
            text = data.decode()
            if strip:
                text = text.strip()
            now = time.strftime("%H:%M:%S")
            print(f"[SERVER] @{now} Client: {text}")
            conn.sendall(f"[ACK @{now}] {text}".encode())
`;

for (
  const [what, mode] of [
    ["answers our newline with ours", "keep"],
    ["strips it and sends none", "strip"],
  ] as const
) {
  Deno.test(
    `our client is served by a Python server that ${what}`,
    needsPython,
    async () => {
      await using server = startPython(PYTHON_SERVER, mode);
      await using client = startClient(CLIENT, await server.port());
      const { code, stdout, stderr } = await client.ending();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(timeless(stdout), PRINTED);
      assertStringIncludes((await server.ending()).stdout, "Client: Thank you");
    },
  );
}
