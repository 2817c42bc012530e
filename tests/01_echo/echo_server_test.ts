import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { connect, startClient, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { BYTES, promisesOfEcho } from "../echo_promises.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { needsPython, runPython, startPython } from "../peers.ts";
import { promisesOfServer } from "../promises.ts";

const SERVER = "lessons/01_echo/echo_server.ts";

promisesOfServer({ script: SERVER, port: 65_432 });
promisesOfEcho({ script: SERVER, port: 65_432 }, async (server) => {
  assertEquals((await server.ending()).code, 0); // With its one client.
});

Deno.test("the log tells who came and that it went, and the server ends", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await writeAll(client, BYTES);
  await client.closeWrite();
  assertEquals(await within("the echo", readAll(client)), BYTES);
  const { port } = client.localAddr as Deno.NetAddr;
  assertEquals(await server.ending(), {
    code: 0,
    stdout: `Listening on 127.0.0.1:${await server.port()}\n` +
      `Connected by 127.0.0.1:${port}\nClient disconnected\n`,
    stderr: "",
  });
});

Deno.test("the server ends cleanly when the client resets, with the reason", async () => {
  await using server = startServer(SERVER);
  const client = await connectResetting(await server.port());
  await client.write(BYTES);
  await server.stdout.match(/Connected by/);
  await client.reset();
  const { code, stdout, stderr } = await server.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /Client disconnected: it reset the connection\n$/);
  assertEquals(stderr, "");
});

Deno.test("the server ends cleanly when the client goes without reading 8 MB", async () => {
  await using server = startServer(SERVER);
  const client = await connectResetting(await server.port());
  // Only what the systems of both sides have room for is taken.
  client.write(new Uint8Array(8_000_000));
  await server.stdout.match(/Connected by/);
  await client.reset();
  const { code, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

/** The client of the source texts, from the protocol: one recv for one send. */
const PYTHON_CLIENT = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    for text in ["hello", "w\\u00f6rld", "bye"]:
        s.sendall(text.encode())
        print("Received:", s.recv(4096).decode())
`;

/** The server of the source texts, from the protocol. */
const PYTHON_SERVER = `
import socket
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on", "%s:%d" % s.getsockname())
    conn, _ = s.accept()
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
`;

Deno.test("a Python client is echoed by our server", needsPython, async () => {
  await using server = startServer(SERVER);
  assertEquals(await runPython(PYTHON_CLIENT, await server.port()), {
    code: 0,
    stdout: "Received: hello\nReceived: wörld\nReceived: bye\n",
    stderr: "",
  });
  assertMatch((await server.ending()).stdout, /Client disconnected\n$/);
});

Deno.test("our client is echoed by a Python server", needsPython, async () => {
  await using server = startPython(PYTHON_SERVER);
  const script = "lessons/01_echo/echo_client.ts";
  await using client = startClient(script, await server.port());
  await client.type("hello\nwörld\n\n");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Received: hello\n");
  assertStringIncludes(stdout, "Received: wörld\n");
});
