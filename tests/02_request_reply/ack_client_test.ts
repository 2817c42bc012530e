import { assertEquals, assertMatch } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { acceptClient, bytesOf, startClient, textOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { listenWithFullQueue } from "../full_queue.ts";
import { listenResetting, readAll } from "../loopback.ts";
import { promisesOfClient } from "../promises.ts";

const CLIENT = "lessons/02_request_reply/ack_client.ts";

promisesOfClient({
  script: CLIENT,
  port: 5000,
  server: "deno task ack-server",
  help: ["--timeout SECONDS"],
  words: "[WORDS]",
  refused: [[
    ["--timeout", "soon"],
    '--timeout takes a number of seconds from 0.01 to 86400, not "soon"',
  ]],
  prompt: "[CLIENT] Connected to 127.0.0.1:PORT\n" +
    "[CLIENT] Sending: Hello Server\n",
  hello: "Hello Server",
  farewell: "[CLIENT] Stopped",
});

/** Starts the client and accepts it. */
function startSession(...args: string[]) {
  return acceptClient((port) => startClient(CLIENT, port, ...args));
}

async function receive(conn: Deno.Conn, length: number): Promise<string> {
  const bytes = await within("the message", readExactly(conn, length));
  return textOf(bytes);
}

async function send(conn: Deno.Conn, text: string): Promise<void> {
  await writeAll(conn, bytesOf(text));
}

Deno.test("the client says hello, prints the reply and closes", async () => {
  await using session = await startSession();
  const { client, conn, port } = session;
  assertEquals(await receive(conn, 12), "Hello Server");
  await send(conn, "ACK: Hello Server");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `[CLIENT] Connected to 127.0.0.1:${port}
[CLIENT] Sending: Hello Server
[CLIENT] Received: ACK: Hello Server
[CLIENT] Closed connection
`,
    stderr: "",
  });
  assertEquals(await within("the end", readAll(conn)), new Uint8Array());
});

Deno.test("words are sent instead, joined by spaces, without a newline", async () => {
  await using session = await startSession("zwei", "Wörter");
  const { client, conn } = session;
  assertEquals(await receive(conn, 12), "zwei Wörter");
  await send(conn, "ja");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /Sending: zwei Wörter\n.*Received: ja\n.*Closed/);
  assertEquals(await within("the end", readAll(conn)), new Uint8Array());
});

Deno.test("a server that does not answer is given up, with status 1", async () => {
  await using session = await startSession("--timeout", "0.2");
  const { client, conn, port } = session;
  assertEquals(await client.ending(), {
    code: 1,
    stdout: `[CLIENT] Connected to 127.0.0.1:${port}
[CLIENT] Sending: Hello Server
[CLIENT] Server did not respond in time
`,
    stderr: "",
  });
  assertEquals(await receive(conn, 12), "Hello Server");
});

Deno.test({
  name: "a server that cannot be connected to is given up, with status 1",
  ignore: Deno.build.os !== "linux", // Other systems fill a queue differently.
  async fn() {
    using queue = await listenWithFullQueue();
    await using client = startClient(CLIENT, queue.port, "--timeout", "0.3");
    assertEquals(await client.ending(), {
      code: 1,
      stdout: "[CLIENT] Server did not respond in time\n",
      stderr: "",
    });
  },
});

Deno.test("a reply in time ends the client at once, whatever the limit", async () => {
  await using session = await startSession("--timeout", "86400");
  const { client, conn } = session;
  await send(conn, "ACK");
  assertEquals((await client.ending()).code, 0);
});

Deno.test("a server that closes without a reply is told apart", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await conn.closeWrite();
  const { code, stdout, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 1, stderr: "" });
  assertMatch(
    stdout,
    /\n\[CLIENT\] Server closed the connection without a reply\n\[CLIENT\] Closed connection\n$/,
  );
});

Deno.test("a server that resets the connection is one that closes without a reply", async () => {
  await using server = await listenResetting();
  await using client = startClient(CLIENT, server.port);
  const { code, stdout, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 1, stderr: "" });
  assertMatch(stdout, /Server closed the connection without a reply\n/);
});

Deno.test("the client shows escape sequences instead of passing them on", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await send(conn, "\x1b[2JACK\0\n");
  const { stdout } = await client.ending();
  assertMatch(stdout, /Received: \\x1b\[2JACK\\x00\\n\n/);
});
