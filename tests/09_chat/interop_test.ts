/**
 * The programs of lesson 09 with each other, with nc, and with programs in the
 * manner of the source texts.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  needsNc,
  needsPython,
  runPython,
  startNc,
  startPython,
} from "../peers.ts";
import { type Program, startScript } from "../program.ts";
import { hears, join, joined, left, startServer } from "./chat_room.ts";
import { PYTHON_CLIENT, PYTHON_SERVER } from "./python_chat.ts";

/** Our client, in a pipe. */
async function startClient(server: Program, name: string): Promise<Program> {
  const script = "lessons/09_chat/chat_client.ts";
  const port = String(await server.port());
  return startScript(script, ["--port", port, "--name", name]);
}

async function startPythonClient(
  server: Program,
  name: string,
): Promise<Program> {
  return startPython(PYTHON_CLIENT, String(await server.port()), name);
}

/** Two clients talk, one after the other, and leave. */
async function talk(
  server: Program,
  startAnn: typeof startClient,
  startBob: typeof startClient,
): Promise<void> {
  await using ann = await startAnn(server, "Ann");
  await server.stdout.match(/Ann joined from/);
  await using bob = await startBob(server, "Bob");
  await ann.stdout.match(/SERVER: Bob has joined the chat\.\n/);
  await ann.type("grüße\n");
  await bob.stdout.match(/Ann: grüße\n/);
  await bob.type("€uro\n");
  await ann.stdout.match(/Bob: €uro\n/);
  await bob.type("exit\n");
  await bob.endInput();
  await ann.stdout.match(/SERVER: Bob has left the chat\.\n/);
  await bob.stdout.match(/DONE\n/);
  assertEquals((await bob.ending()).stderr, "");
  await ann.type("EXIT\n");
  await ann.endInput();
  await ann.stdout.match(/DONE\n/);
  assertEquals((await ann.ending()).code, 0);
}

Deno.test("two of our clients talk through our server", async () => {
  await using server = startServer();
  await talk(server, startClient, startClient);
});

Deno.test(
  "two threaded Python clients talk through our server",
  needsPython,
  async () => {
    await using server = startServer();
    await talk(server, startPythonClient, startPythonClient);
  },
);

Deno.test(
  "our client and a Python client talk through our server",
  needsPython,
  async () => {
    await using server = startServer();
    await talk(server, startClient, startPythonClient);
  },
);

Deno.test(
  "two of our clients talk through a threaded Python server",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    await talk(server, startClient, startClient);
  },
);

Deno.test(
  "our client and a Python client talk through a Python server",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    await talk(server, startPythonClient, startClient);
  },
);

Deno.test("nc is a client, and its half-close an end", needsNc, async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  await using nc = startNc(await server.port());
  await nc.type("Nic\nhello\n");
  await hears(ann, joined("Nic"), "Nic: hello");
  await ann.send("hi Nic\n");
  await nc.stdout.match(/Ann: hi Nic\n/);
  await nc.endInput();
  await hears(ann, left("Nic"));
  assertEquals(await nc.ending(), {
    code: 0,
    stdout: "Ann: hi Nic\n",
    stderr: "",
  });
});

/**
 * A client whose system takes little, so that it is still sending when the
 * server has already answered. Python tells a reset from an end.
 */
const PYTHON_TALKER = `
import socket, sys
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    s.sendall(b"Bob\\n" + sys.argv[2].encode() + b"x" * 300_000)
    s.shutdown(socket.SHUT_WR)
    while data := s.recv(1024):
        print(data.decode(), end="")
`;

for (
  const [what, words, answer] of [
    ["EXIT", "EXIT\n", "DONE\n"],
    ["a line over the limit", "", "ERROR: Line too long\n"],
  ] as const
) {
  Deno.test(
    `${what} is answered without a reset, whatever comes after`,
    needsPython,
    async () => {
      await using server = startServer();
      const port = String(await server.port());
      assertEquals(await runPython(PYTHON_TALKER, port, words), {
        code: 0,
        stdout: answer,
        stderr: "",
      });
    },
  );
}

Deno.test("our client shows what others send, and does not obey it", async () => {
  await using server = startServer();
  using bob = await join(server, "Bob");
  await using ann = await startClient(server, "Ann");
  await hears(bob, joined("Ann"));
  await bob.send("\x1b[2JBoo\n");
  await ann.stdout.match(/Bob: \\x1b\[2JBoo\n/);
});

Deno.test("the longest line, of bytes that are no text, puts no client out", async () => {
  await using server = startServer();
  using bob = await join(server, "Bob");
  await using ann = await startClient(server, "Ann");
  await hears(bob, joined("Ann"));
  const line = new Uint8Array(65_537).fill(0xff);
  line[65_536] = 0x0a;
  await bob.send(line);
  await bob.send("still here?\n");
  await ann.stdout.match(/Bob: \ufffd{65536}\nBob: still here\?\n/);
});
