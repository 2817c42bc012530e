/**
 * The programs of lesson 05 with nc and with Python on the other side.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { has, Program, startScript } from "../program.ts";

function startServer(): Program {
  return startScript("lessons/05_iterative/iterative_server.ts", [
    "--port",
    "0",
  ]);
}

Deno.test({
  name: "nc gets back what it sends, in its turn",
  ignore: !await has("nc"),
  async fn() {
    await using server = startServer();
    const first = await Deno.connect({ port: await server.port() });
    await server.stdout.match(/Connected by/);
    // -N: half-close at the end of the input.
    const port = String(await server.port());
    await using nc = new Program("nc", ["-N", "127.0.0.1", port]);
    await nc.type("héllo\0\r\nquit\n");
    await nc.endInput();
    first.close();
    assertEquals(await nc.ending(), {
      code: 0,
      stdout: "héllo\0\r\nquit\n",
      stderr: "",
    });
  },
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
    print("Listening on", "%s:%d" % s.getsockname(), flush=True)
    while True:
        conn, _ = s.accept()
        with conn:
            while data := conn.recv(1024):
                conn.sendall(data)
`;

const python = await has("python3");

Deno.test({
  name: "two Python clients at once are echoed by our server, in turn",
  ignore: !python,
  async fn() {
    await using server = startServer();
    const args = ["-c", PYTHON_CLIENT, String(await server.port())];
    const options = { env: { PYTHONIOENCODING: "utf-8" } };
    await using first = new Program("python3", args, options);
    await using second = new Program("python3", args, options);
    for (const client of [first, second]) {
      assertEquals(await client.ending(), {
        code: 0,
        stdout: "Received: hello\nReceived: wörld\n",
        stderr: "",
      });
    }
    await server.stdout.match(/(Connected by .*\nClient disconnected\n){2}$/);
  },
});

Deno.test({
  name: "two of our clients are echoed by a Python server, in turn",
  ignore: !python,
  async fn() {
    await using server = new Program("python3", ["-c", PYTHON_SERVER]);
    const args = ["--port", String(await server.port())];
    const script = "lessons/01_echo/echo_client.ts";
    await using first = startScript(script, args);
    await first.type("one\n");
    await first.stdout.match(/Received: one\n/);
    await using second = startScript(script, args);
    await second.type("two\n\n");
    await first.type("\n");
    assertEquals((await first.ending()).code, 0);
    const { code, stdout } = await second.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Received: two\n");
  },
});
