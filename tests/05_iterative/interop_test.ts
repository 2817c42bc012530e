/**
 * The programs of lesson 05 with nc and with Python on the other side.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect, startClient, startServer } from "../conversation.ts";
import { needsNc, needsPython, startNc, startPython } from "../peers.ts";

const SERVER = "lessons/05_iterative/iterative_server.ts";
const CLIENT = "lessons/01_echo/echo_client.ts";

Deno.test("nc gets back what it sends, in its turn", needsNc, async () => {
  await using server = startServer(SERVER);
  const first = await connect(server);
  await server.stdout.match(/Connected by/);
  await using nc = startNc(await server.port());
  await nc.type("héllo\0\r\nquit\n");
  await nc.endInput();
  first.close();
  assertEquals(await nc.ending(), {
    code: 0,
    stdout: "héllo\0\r\nquit\n",
    stderr: "",
  });
});

/** The client of the source texts, from the protocol: quit is its own word. */
const PYTHON_CLIENT = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    for text in ["hello", "w\\u00f6rld", "quit"]:
        if text == "quit":
            break
        s.sendall(text.encode())
        print("Received:", s.recv(4096).decode())
`;

/** The iterative server of the source texts, from the protocol. */
const PYTHON_SERVER = `
import socket
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on", "%s:%d" % s.getsockname())
    while True:
        conn, _ = s.accept()
        with conn:
            while data := conn.recv(1024):
                conn.sendall(data)
`;

Deno.test(
  "two Python clients at once are echoed by our server, in turn",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    const port = await server.port();
    await using first = startPython(PYTHON_CLIENT, port);
    await using second = startPython(PYTHON_CLIENT, port);
    for (const client of [first, second]) {
      assertEquals(await client.ending(), {
        code: 0,
        stdout: "Received: hello\nReceived: wörld\n",
        stderr: "",
      });
    }
    await server.stdout.match(/(Connected by .*\nClient disconnected\n){2}$/);
  },
);

Deno.test(
  "two of our clients are echoed by a Python server, in turn",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    const port = await server.port();
    await using first = startClient(CLIENT, port);
    await first.type("one\n");
    await first.stdout.match(/Received: one\n/);
    await using second = startClient(CLIENT, port);
    await second.type("two\n\n");
    await first.type("\n");
    assertEquals((await first.ending()).code, 0);
    const { code, stdout } = await second.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Received: two\n");
  },
);
