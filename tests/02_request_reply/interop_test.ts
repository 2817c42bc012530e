/**
 * The programs of lesson 02 with nc and with Python on the other side.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startClient, startServer } from "../conversation.ts";
import {
  needsNc,
  needsPython,
  runPython,
  startNc,
  startPython,
} from "../peers.ts";

const SERVER = "lessons/02_request_reply/ack_server.ts";
const CLIENT = "lessons/02_request_reply/ack_client.ts";

Deno.test("nc is acknowledged, its newline included", needsNc, async () => {
  await using server = startServer(SERVER);
  await using nc = startNc(await server.port());
  await nc.type("hello\n");
  await nc.stdout.match(/ACK: hello\n/);
  await nc.endInput();
  const { code, stdout } = await nc.ending();
  assertEquals({ code, stdout }, { code: 0, stdout: "ACK: hello\n" });
  assertStringIncludes(
    (await server.ending()).stdout,
    "Received: hello\\n\n",
  );
});

/** The client of the source texts, from the protocol. */
const PYTHON_CLIENT = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", int(sys.argv[1])))
s.sendall("Gr\\u00fc\\u00dfe".encode())
print("[CLIENT] Received:", s.recv(1024).decode())
print("[CLIENT] End:", s.recv(1024))
s.close()
`;

Deno.test(
  "a Python client is acknowledged by our server",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    assertEquals(await runPython(PYTHON_CLIENT, await server.port()), {
      code: 0,
      stdout: "[CLIENT] Received: ACK: Grüße\n[CLIENT] End: b''\n",
      stderr: "",
    });
    assertEquals((await server.ending()).code, 0);
  },
);

/** The server of the source texts, from the protocol. */
const PYTHON_SERVER = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 0))
s.listen(1)
print("[SERVER] Listening on %s:%d" % s.getsockname())
conn, addr = s.accept()
message = conn.recv(1024).decode()
conn.sendall(("ACK: " + message).encode())
conn.close()
s.close()
`;

Deno.test(
  "our client is acknowledged by a Python server",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    const port = await server.port();
    await using client = startClient(CLIENT, port, "grüß", "dich");
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertMatch(stdout, /Received: ACK: grüß dich\n.*Closed connection\n$/);
    assertEquals((await server.ending()).code, 0);
  },
);
