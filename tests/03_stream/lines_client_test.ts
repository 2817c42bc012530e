import { assertEquals, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import {
  acceptClient,
  bytesOf,
  startClient,
  startServer,
  textOf,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import { needsPython, startPython } from "../peers.ts";
import { promisesOfClient } from "../promises.ts";
import { SERVER } from "./lines_served.ts";

const CLIENT = "lessons/03_stream/lines_client.ts";
const PROMPT = "Send (empty to quit): ";

promisesOfClient({
  script: CLIENT,
  port: 5005,
  server: "deno task lines-server",
  prompt: PROMPT,
  line: "hello",
});

/** Starts the client and accepts it. */
async function startSession() {
  const session = await acceptClient((port) => startClient(CLIENT, port));
  const { client, conn } = session;
  return {
    ...session,
    /** Types a line and waits until it has come. */
    async type(line: string): Promise<string> {
      await client.type(`${line}\n`);
      const { length } = bytesOf(`${line}\n`);
      return textOf(await within("the line", readExactly(conn, length)));
    },
    send: (text: string) => writeAll(conn, bytesOf(text)),
  };
}

Deno.test("the client sends each line with a newline and prints the reply", async () => {
  await using session = await startSession();
  const { client } = session;
  assertEquals(await session.type("grüße"), "grüße\n");
  await session.send("1: grüße\n");
  await client.stdout.match(/Received: 1: grüße\nSend \(empty to quit\): $/);
  await client.type("\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PROMPT}Received: 1: grüße\n${PROMPT}`,
    stderr: "",
  });
  assertEquals(await session.conn.read(new Uint8Array(1)), null);
});

Deno.test("a reply that comes byte by byte does not put the client out of step", async () => {
  await using session = await startSession();
  for (const line of ["3€", "second"]) {
    await session.type(line);
    for (const byte of bytesOf(`7: ${line}\r\n`)) {
      await session.conn.write(new Uint8Array([byte]));
    }
    await session.client.stdout.match(new RegExp(`Received: 7: ${line}\n`));
  }
});

Deno.test("replies that come merged are taken one for one question", async () => {
  await using session = await startSession();
  await session.type("one");
  await session.send("1: one\n2: two\n");
  await session.client.stdout.match(/Received: 1: one\nSend/);
  await session.type("two");
  await session.client.stdout.match(/Received: 2: two\nSend/);
});

Deno.test("the reply to a line of 65536 bytes is no longer than allowed", async () => {
  await using session = await startSession();
  const line = "x".repeat(65_536);
  await session.type(line);
  await session.send(`4294967296: ${line}\n`);
  await session.client.stdout.match(/Received: 4294967296: x{65536}\n/);
});

Deno.test("the end of the input ends the client, and the last line counts", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("bye");
  await client.endInput();
  await within("the line", readExactly(conn, 4));
  await session.send("1: bye\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PROMPT}Received: 1: bye\n${PROMPT}\n`,
    stderr: "",
  });
});

Deno.test("a reply cut short is not printed, and the client says why it ends", async () => {
  await using session = await startSession();
  await session.type("hello");
  await session.send("1: hel");
  await session.conn.closeWrite();
  assertEquals(await session.client.ending(), {
    code: 0,
    stdout: `${PROMPT}Server closed connection\n`,
    stderr: "",
  });
});

Deno.test("the client shows escape sequences instead of passing them on", async () => {
  await using session = await startSession();
  await session.type("hello");
  await session.send("1: \x1b[2J\0\rover\n");
  await session.client.stdout.match(/Received: 1: \\x1b\[2J\\x00\\rover\n/);
});

Deno.test("a reply without an end gets one line and status 1", async () => {
  await using session = await startSession();
  await session.type("hello");
  const writing = session.send("x".repeat(200_000)).catch(() => {});
  assertEquals(await session.client.ending(), {
    code: 1,
    stdout: PROMPT,
    stderr: "The server's reply does not end. Is it a lines server?\n",
  });
  await writing;
});

Deno.test("our client and our server understand each other", async () => {
  await using server = startServer(SERVER);
  await using client = startClient(CLIENT, await server.port());
  await client.type("hello\nworld\n\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout:
      `${PROMPT}Received: 1: hello\n${PROMPT}Received: 2: world\n${PROMPT}`,
    stderr: "",
  });
});

/** From the protocol: a buffer, and whatever stands before a newline in it. */
const PYTHON_SERVER = `
import socket
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on", "%s:%d" % s.getsockname())
    conn, _ = s.accept()
    with conn:
        buffer, number = bytearray(), 0
        while chunk := conn.recv(3):
            buffer += chunk
            while b"\\n" in buffer:
                line, _, buffer = buffer.partition(b"\\n")
                number += 1
                conn.sendall(b"%d: %s\\n" % (number, line))
`;

Deno.test(
  "our client is answered by a Python server",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    await using client = startClient(CLIENT, await server.port());
    await client.type("hello\n3€ for a wörld\n\n");
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Received: 1: hello\n");
    assertStringIncludes(stdout, "Received: 2: 3€ for a wörld\n");
  },
);
