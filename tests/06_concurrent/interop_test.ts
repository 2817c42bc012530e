import { assertEquals, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { has, Program, startScript } from "../program.ts";

function startServer(args: string[] = []): Program {
  return startScript("lessons/06_concurrent/concurrent_server.ts", [
    "--port",
    "0",
    ...args,
  ]);
}

Deno.test({
  name: "nc gets back what it sends, byte for byte",
  ignore: !await has("nc"),
  async fn() {
    await using server = startServer();
    const port = await server.port();
    // -N: half-close at the end of the input.
    await using nc = new Program("nc", ["-N", "127.0.0.1", String(port)]);
    await nc.type("héllo\0\r\nwörld");
    await nc.endInput();
    assertEquals(await nc.ending(), {
      code: 0,
      stdout: "héllo\0\r\nwörld",
      stderr: "",
    });
  },
});

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
    print("Listening on", "%s:%d" % s.getsockname(), flush=True)
    while True:
        conn, _ = s.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
`;

const python = await has("python3");

Deno.test({
  name: "five Python clients, none of which goes before all are answered",
  ignore: !python,
  async fn() {
    await using server = startServer();
    const port = String(await server.port());
    const args = ["-c", PYTHON_CLIENTS, port];
    await using clients = new Program("python3", args);
    assertEquals(await clients.ending(), {
      code: 0,
      stdout: [0, 1, 2, 3, 4].map((n) => `client ${n}\n`).join(""),
      stderr: "",
    });
  },
});

Deno.test({
  name: "our client is echoed by a threaded Python server, next to another one",
  ignore: !python,
  async fn() {
    await using server = new Program("python3", ["-c", PYTHON_SERVER]);
    const port = String(await server.port());
    using other = await Deno.connect({ port: Number(port) });
    const script = "lessons/01_echo/echo_client.ts";
    await using client = startScript(script, ["--port", port]);
    await client.type("hello\n\n");
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Received: hello\n");
    await writeAll(other, new Uint8Array([0, 255]));
    const reply = await within("the echo", readExactly(other, 2));
    assertEquals(reply, new Uint8Array([0, 255]));
  },
});

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

Deno.test({
  name: "three Python clients hear each other with --broadcast",
  ignore: !python,
  async fn() {
    await using server = startServer(["--broadcast"]);
    const port = String(await server.port());
    const args = ["-c", PYTHON_ROOM, port];
    await using clients = new Program("python3", args);
    await server.stdout.match(/(?:Connected by[^C]*){3}/);
    await clients.type("\n");
    assertEquals(await clients.ending(), {
      code: 0,
      stdout: "all heard\n",
      stderr: "",
    });
  },
});
