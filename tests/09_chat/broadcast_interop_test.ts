/**
 * The chat client with a server in Python that greets, and sends what one says
 * to everybody, the one included: the protocol of the broadcast servers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { startClient } from "../conversation.ts";
import { needsPython, startPython } from "../peers.ts";

const CLIENT = "lessons/09_chat/chat_client.ts";

const PYTHON_SERVER = `
import socket, threading
clients = {}
lock = threading.Lock()

def broadcast(text, exclude=None):
    with lock:
        others = [conn for conn in clients if conn is not exclude]
    for conn in others:
        try:
            conn.sendall(text.encode() + b"\\n")
        except OSError:
            pass

def attend(conn, addr):
    conn.sendall(b"Welcome! Enter your name:\\n")
    lines = conn.makefile("r", encoding="utf-8", newline="\\n")
    name = lines.readline().strip() or f"{addr}"
    with lock:
        clients[conn] = name
    conn.sendall(f"Hello {name}! You can chat now.\\n".encode())
    broadcast(f"{name} has joined the chat.", conn)
    for line in lines:
        broadcast(f"{name}: {line.strip()}")
    with lock:
        del clients[conn]
    broadcast(f"{name} has left the chat.")
    conn.shutdown(socket.SHUT_RDWR)

with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on %s:%d" % s.getsockname(), flush=True)
    while True:
        threading.Thread(target=attend, args=s.accept(), daemon=True).start()
`;

Deno.test(
  "the client greets and talks where its own words come back",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    const port = await server.port();
    await using ada = startClient(CLIENT, port, "--name", "Ada");
    await ada.stdout.match(/Hello Ada! You can chat now\.\n$/);
    await using bob = startClient(CLIENT, port);
    await bob.stdout.match(/^Welcome! Enter your name:\n$/);
    await bob.type("Bob\n");
    await ada.stdout.match(/Bob has joined the chat\.\n$/);
    await ada.type("grüße\n");
    await bob.stdout.match(/Ada: grüße\n$/);
    await bob.type("€uro\n");
    await ada.stdout.match(/Bob: €uro\n$/);
    await bob.endInput();
    await ada.stdout.match(/Bob has left the chat\.\n$/);
    assertEquals(await bob.ending(), {
      code: 0,
      stdout: "Welcome! Enter your name:\nHello Bob! You can chat now.\n" +
        "Ada: grüße\nBob: €uro\n",
      stderr: "",
    });
    await ada.type("bye\n");
    await ada.endInput();
    assertEquals(await ada.ending(), {
      code: 0,
      stdout: "Welcome! Enter your name:\nHello Ada! You can chat now.\n" +
        "Bob has joined the chat.\nAda: grüße\nBob: €uro\n" +
        "Bob has left the chat.\nAda: bye\n",
      stderr: "",
    });
  },
);
