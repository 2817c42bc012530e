/**
 * The chat client in a pipe, and the test as its server.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createServer } from "node:net";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { acceptClient, bytesOf, startClient, textOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { promisesOfClient } from "../promises.ts";

const CLIENT = "lessons/09_chat/chat_client.ts";

promisesOfClient({
  script: CLIENT,
  port: 65_433,
  server: "deno task chat-server",
  args: ["--name", "Ada"],
  hello: "Ada\n",
  line: "hello",
  help: [
    "--name NAME  your nickname; you are asked for it if it is not given\n",
  ],
  refused: [
    [["--name", " "], '--name takes a name, not " "'],
    [["--name", "a\tb\x7f"], '--name takes a name, not "a\tb\x7f"'],
  ],
});

/** A client, and the test as its server. */
async function start(...flags: string[]) {
  const session = await acceptClient((port) =>
    startClient(CLIENT, port, ...flags)
  );
  const lines = readLines(session.conn);
  return {
    ...session,
    line: async () => (await within("a line", lines.next())).value ?? null,
    send: (text: string) => writeAll(session.conn, bytesOf(text)),
  };
}

/** The same, and the name has been sent. */
async function startNamed() {
  const session = await start("--name", "Ada");
  assertEquals(await session.line(), "Ada");
  return session;
}

Deno.test("without --name the first line of the input is the name", async () => {
  await using session = await start();
  await session.client.type("Ada\nhi\r\n");
  assertEquals(await session.line(), "Ada");
  assertEquals(await session.line(), "hi");
  assertEquals(session.client.stdout.text, "");
});

Deno.test("the lines of the input are sent as they are, empty ones too", async () => {
  await using session = await startNamed();
  await session.client.type("grüße 漢字\n\n  spaces  \nlast");
  await session.client.endInput();
  assertEquals(await session.line(), "grüße 漢字");
  assertEquals(await session.line(), "");
  assertEquals(await session.line(), "  spaces  ");
  assertEquals(await session.line(), "last");
  assertEquals(await session.line(), null);
});

const LINES = "Bob: grüße €\r\n\nSERVER: Cyd has joined the chat.\n";
const PRINTED = "Bob: grüße €\n\nSERVER: Cyd has joined the chat.\n";

for (
  const [how, parts] of [
    ["in one piece", [LINES]],
    ["in two halves", [LINES.slice(0, 9), LINES.slice(9)]],
    ["a byte at a time", bytesOf(LINES)],
  ] as const
) {
  Deno.test(`lines that come ${how} are printed whole`, async () => {
    await using session = await startNamed();
    for (const part of parts) {
      const bytes = typeof part === "string" ? bytesOf(part) : [part];
      await writeAll(session.conn, new Uint8Array(bytes));
    }
    await session.send("cut sh");
    await session.conn.closeWrite();
    assertEquals(await session.client.ending(), {
      code: 0,
      stdout: `${PRINTED}Server closed connection\n`,
      stderr: "",
    });
  });
}

Deno.test("what others say does not command the terminal", async () => {
  await using session = await startNamed();
  await writeAll(session.conn, new Uint8Array([0xff, 0x9b]));
  await session.send("Bob: \x1b[2J\x07\rSERVER: \u202ehi\n");
  await session.client.stdout.match(
    /^\ufffd\ufffdBob: \\x1b\[2J\\x07\\rSERVER: \\u202ehi\n$/,
  );
});

Deno.test("EXIT gets its DONE, and status 0", async () => {
  await using session = await startNamed();
  await session.client.type("EXIT\n");
  assertEquals(await session.line(), "EXIT");
  await session.send("DONE\n");
  session.conn.close();
  assertEquals(await session.client.ending(), {
    code: 0,
    stdout: "DONE\nServer closed connection\n",
    stderr: "",
  });
});

Deno.test("after the end of the input, what still comes is printed", async () => {
  await using session = await startNamed();
  await session.client.endInput();
  assertEquals(await session.line(), null);
  await session.send("Bob: wait\nSERVER: the end\n");
  await session.conn.closeWrite();
  assertEquals(await session.client.ending(), {
    code: 0,
    stdout: "Bob: wait\nSERVER: the end\n",
    stderr: "",
  });
});

Deno.test("after the end of the input, a server that stays is left", async () => {
  await using session = await startNamed();
  await session.client.endInput();
  await session.send("Bob: wait\n");
  assertEquals(await session.client.ending(), {
    code: 0,
    stdout: "Bob: wait\n",
    stderr: "",
  });
});

Deno.test("a server that resets the connection has closed it", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await using client = startClient(CLIENT, port, "--name", "Ada");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: "Server closed connection\n",
    stderr: "",
  });
  await within("the listener", new Promise((done) => server.close(done)));
});

Deno.test("a server that goes while somebody talks has closed the connection", async () => {
  await using session = await startNamed();
  await session.send("SERVER: closing\n");
  await session.client.stdout.match(/closing\n/);
  session.conn.close();
  // The client may learn it from a read or from a write.
  await session.client.type("hello?\n".repeat(1000)).catch(() => {});
  const { code, stdout } = await session.client.ending();
  assertEquals([code, stdout], [
    0,
    "SERVER: closing\nServer closed connection\n",
  ]);
});

Deno.test("a line without end gets one line and status 1, after those before it", async () => {
  await using session = await startNamed();
  await session.send("Bob: hi\n");
  await session.send("x".repeat(300_000)).catch(() => {});
  assertEquals(await session.client.ending(), {
    code: 1,
    stdout: "Bob: hi\n",
    stderr: "The server's line does not end. Is it a chat server?\n",
  });
});

Deno.test("the longest line of somebody else is printed", async () => {
  await using session = await startNamed();
  // 65 536 bytes, none of them UTF-8, are three times as many on their way back.
  const line = `${"B".repeat(200)}: ${"\ufffd".repeat(65_536)}\n`;
  await session.send(line);
  await session.conn.closeWrite();
  const { code, stdout } = await session.client.ending();
  assertEquals(code, 0);
  assertStringIncludes(stdout, line);
});

Deno.test("a server that does not read holds up nothing that it sends", async () => {
  await using session = await startNamed();
  // More than the systems between the two take.
  const count = 20_000;
  const typing = session.client.type(`${"x".repeat(999)}\n`.repeat(count));
  for (let number = 1; number <= 100; number++) {
    await session.send(`Bob: ${number}\n`);
    await session.client.stdout.match(new RegExp(`Bob: ${number}\n`));
  }
  const received = within("all of it", readAll(session.conn));
  await typing;
  await session.client.endInput();
  const text = textOf(await received);
  assertEquals(text.length, 1000 * count);
  assertEquals(text.replaceAll(`${"x".repeat(999)}\n`, ""), "");
});
