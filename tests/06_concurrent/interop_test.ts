/**
 * The concurrent server with Python on the other side.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startClient, startServer } from "../conversation.ts";
import { assertEchoed } from "../echo_promises.ts";
import { needsPython, runPython, startPython } from "../peers.ts";

const SERVER = "lessons/06_concurrent/concurrent_server.ts";

/** Several clients at once, in threads, in the manner of the source texts. */
const PYTHON_CLIENTS = `
import socket, sys, threading
barrier = threading.Barrier(5)
replies = {}
def talk(number):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
        barrier.wait()
        s.sendall(("client %d" % number).encode())
        replies[number] = s.recv(1024).decode()
        barrier.wait()
threads = [threading.Thread(target=talk, args=(n,)) for n in range(5)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for number in sorted(replies): print(replies[number])
`;

/** The threaded server of the source texts, from the protocol. */
const PYTHON_SERVER = `
import socket, threading
def serve(conn):
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on", "%s:%d" % s.getsockname())
    while True:
        conn, _ = s.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
`;

Deno.test(
  "five Python clients, none of which goes before all are answered",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    assertEquals(await runPython(PYTHON_CLIENTS, await server.port()), {
      code: 0,
      stdout: [0, 1, 2, 3, 4].map((n) => `client ${n}\n`).join(""),
      stderr: "",
    });
  },
);

Deno.test(
  "our client is echoed by a threaded Python server, next to another one",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    const port = await server.port();
    using other = await Deno.connect({ port });
    await using client = startClient("lessons/01_echo/echo_client.ts", port);
    await client.type("hello\n\n");
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Received: hello\n");
    await assertEchoed(other, new Uint8Array([0, 255]));
  },
);

/** Three clients of a room in one process: what one sends, the others get. */
const PYTHON_ROOM = `
import socket, sys
clients = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(3)]
sys.stdin.readline() # Wait until all are in the room.
for number in range(20):
    sender = clients[number % 3]
    text = ("message %02d" % number).encode()
    sender.sendall(text)
    for other in clients:
        if other is sender: continue
        got = b""
        while len(got) < len(text): got += other.recv(len(text) - len(got))
        assert got == text, got
print("all heard")
`;

Deno.test(
  "three Python clients hear each other with --broadcast",
  needsPython,
  async () => {
    await using server = startServer(SERVER, "--broadcast");
    await using clients = startPython(PYTHON_ROOM, await server.port());
    await server.stdout.match(/(?:Connected by[^C]*){3}/);
    await clients.type("\n");
    assertEquals(await clients.ending(), {
      code: 0,
      stdout: "all heard\n",
      stderr: "",
    });
  },
);
