/**
 * The programs of lesson 02 with nc and with Python on the other side.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { has, Program, startScript } from "../program.ts";

const CLIENT = "lessons/02_request_reply/ack_client.ts";
const python = await has("python3");

function startServer(): Program {
  return startScript("lessons/02_request_reply/ack_server.ts", [
    "--port",
    "0",
  ]);
}

Deno.test({
  name: "nc is acknowledged, its newline included",
  ignore: !await has("nc"),
  async fn() {
    await using server = startServer();
    const port = String(await server.port());
    await using nc = new Program("nc", ["-N", "127.0.0.1", port]);
    await nc.type("hello\n");
    await nc.stdout.match(/ACK: hello\n/);
    await nc.endInput();
    const { code, stdout } = await nc.ending();
    assertEquals({ code, stdout }, { code: 0, stdout: "ACK: hello\n" });
    assertStringIncludes(
      (await server.ending()).stdout,
      "Received: hello\\n\n",
    );
  },
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

Deno.test({
  name: "a Python client is acknowledged by our server",
  ignore: !python,
  async fn() {
    await using server = startServer();
    await using client = new Program(
      "python3",
      ["-c", PYTHON_CLIENT, String(await server.port())],
      { env: { PYTHONIOENCODING: "utf-8" } },
    );
    assertEquals(await client.ending(), {
      code: 0,
      stdout: "[CLIENT] Received: ACK: Grüße\n[CLIENT] End: b''\n",
      stderr: "",
    });
    assertEquals((await server.ending()).code, 0);
  },
});

/** The server of the source texts, from the protocol. */
const PYTHON_SERVER = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 0))
s.listen(1)
print("[SERVER] Listening on %s:%d" % s.getsockname(), flush=True)
conn, addr = s.accept()
message = conn.recv(1024).decode()
conn.sendall(("ACK: " + message).encode())
conn.close()
s.close()
`;

Deno.test({
  name: "our client is acknowledged by a Python server",
  ignore: !python,
  async fn() {
    await using server = new Program("python3", ["-c", PYTHON_SERVER]);
    const port = String(await server.port());
    await using client = startScript(CLIENT, ["--port", port, "grüß", "dich"]);
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertMatch(stdout, /Received: ACK: grüß dich\n.*Closed connection\n$/);
    assertEquals((await server.ending()).code, 0);
  },
});
