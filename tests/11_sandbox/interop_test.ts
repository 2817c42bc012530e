/**
 * Clients and a server that others have written, from the page alone: nc, and
 * Python in either framing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { needsNc, needsPython, runNc, runPython } from "../peers.ts";
import { join, startServer } from "./session.ts";

Deno.test({
  name: "nc is a client too: it sends lines and gets lines",
  ...needsNc,
  async fn() {
    await using server = startServer();
    using anna = await join(server, "Anna");
    const sent = "Ben\r\n/who\nbye\nnot a line";
    const { code, stdout, stderr } = await runNc(await server.port(), sent);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(
      stdout,
      "SERVER: Hello Ben! /help lists the commands.\n" +
        "SERVER: 2 here: Anna, Ben\n",
    );
    for (
      const text of [
        "SERVER: Ben has joined the chat.",
        "Ben: bye",
        "SERVER: Ben has left the chat.",
      ]
    ) {
      assertEquals(await anna.hear(), text);
    }
  },
});

/** Sends its arguments as messages, then prints those that come, to the end. */
const PYTHON_CLIENT = `
import socket, struct, sys
framing, port, *texts = sys.argv[1:]

def send(s, text):
    data = text.encode()
    if framing == "lines":
        s.sendall(data + b"\\n")
    else:
        s.sendall(struct.pack(">I", len(data)) + data)

def receive(f):
    if framing == "lines":
        return f.readline().removesuffix(b"\\n") or None
    head = f.read(4)
    return f.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None

with socket.create_connection(("127.0.0.1", int(port))) as s:
    for text in texts:
        send(s, text)
    f = s.makefile("rb")
    while (message := receive(f)) is not None:
        print(message.decode())
`;

for (const framing of ["lines", "frames"] as const) {
  Deno.test({
    name: `${framing}: a Python client joins, talks, and quits`,
    ...needsPython,
    async fn() {
      await using server = startServer("--framing", framing);
      using anna = await join(server, "Anna", framing);
      const texts = ["Bj\u00f6rn", "/who", "hej \u{1f98a}", "/quit"];
      const { code, stdout, stderr } = await runPython(
        PYTHON_CLIENT,
        framing,
        await server.port(),
        ...texts,
      );
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(
        stdout,
        "SERVER: Hello Björn! /help lists the commands.\n" +
          "SERVER: 2 here: Anna, Björn\nSERVER: Goodbye.\n",
      );
      await anna.hear(); // Björn has joined.
      assertEquals(await anna.hear(), "Björn: hej 🦊");
    },
  });
}

/** Python tells a reset from an end, which Deno's `read` does not always do. */
const TALKER = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall(b"Ben\\n/quit\\n" + b"x" * 300_000)
    s.shutdown(socket.SHUT_WR)
    while data := s.recv(1024):
        print(data.decode(), end="")
`;

Deno.test({
  name: "who goes on sending after /quit gets its goodbye, and no reset",
  ...needsPython,
  async fn() {
    await using server = startServer();
    assertEquals(await runPython(TALKER, await server.port()), {
      code: 0,
      stdout: "SERVER: Hello Ben! /help lists the commands.\n" +
        "SERVER: Goodbye.\n",
      stderr: "",
    });
  },
});
