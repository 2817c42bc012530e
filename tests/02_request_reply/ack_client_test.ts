import { assertEquals, assertMatch } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { startScript } from "../program.ts";

const CLIENT = "lessons/02_request_reply/ack_client.ts";

/** Starts the client and accepts it. */
async function startClient(args: string[] = []) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const client = startScript(CLIENT, ["--port", String(port), ...args]);
  const conn = await within("the client", listener.accept());
  conn.setNoDelay();
  return {
    client,
    conn,
    port,
    async [Symbol.asyncDispose]() {
      listener.close();
      conn.close();
      await client[Symbol.asyncDispose]();
    },
  };
}

async function receive(conn: Deno.Conn, length: number): Promise<string> {
  const bytes = await within("the message", readExactly(conn, length));
  return new TextDecoder().decode(bytes);
}

async function send(conn: Deno.Conn, text: string): Promise<void> {
  await writeAll(conn, new TextEncoder().encode(text));
}

Deno.test("the client says hello, prints the reply and closes", async () => {
  await using session = await startClient();
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
  await using session = await startClient(["zwei", "Wörter"]);
  const { client, conn } = session;
  assertEquals(await receive(conn, 12), "zwei Wörter");
  await send(conn, "ja");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /Sending: zwei Wörter\n.*Received: ja\n.*Closed/);
  assertEquals(await within("the end", readAll(conn)), new Uint8Array());
});

Deno.test("a server that does not answer is given up, with status 1", async () => {
  await using session = await startClient(["--timeout", "0.2"]);
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
    using listener = Deno.listen({
      hostname: "127.0.0.1",
      port: 0,
      tcpBacklog: 1,
    });
    const { port } = listener.addr;
    using _one = await Deno.connect({ port });
    using _two = await Deno.connect({ port });
    await using client = startScript(CLIENT, [
      "--port",
      String(port),
      "--timeout",
      "0.3",
    ]);
    assertEquals(await client.ending(), {
      code: 1,
      stdout: "[CLIENT] Server did not respond in time\n",
      stderr: "",
    });
  },
});

Deno.test("a reply in time ends the client at once, whatever the limit", async () => {
  await using session = await startClient(["--timeout", "86400"]);
  const { client, conn } = session;
  await send(conn, "ACK");
  assertEquals((await client.ending()).code, 0);
});

Deno.test("a server that closes without a reply is told apart", async () => {
  await using session = await startClient();
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
  const { createServer } = await import("node:net");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.resetAndDestroy());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  try {
    const { port } = server.address() as { port: number };
    await using client = startScript(CLIENT, ["--port", String(port)]);
    const { code, stdout, stderr } = await client.ending();
    assertEquals({ code, stderr }, { code: 1, stderr: "" });
    assertMatch(stdout, /Server closed the connection without a reply\n/);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("the client shows escape sequences instead of passing them on", async () => {
  await using session = await startClient();
  const { client, conn } = session;
  await send(conn, "\x1b[2JACK\0\n");
  const { stdout } = await client.ending();
  assertMatch(stdout, /Received: \\x1b\[2JACK\\x00\\n\n/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} while the client waits for the reply ends it with status 0`, async () => {
    await using session = await startClient();
    const { client, conn } = session;
    await receive(conn, 12);
    client.kill(signal);
    const { code, stdout, stderr } = await client.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\[CLIENT\] Stopped\n$/);
  });
}

Deno.test("a server that is not running is named, with the command that starts it", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close(); // Nobody listens there now.
  await using client = startScript(CLIENT, ["--port", String(port)]);
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: `Nobody listens on 127.0.0.1:${port}. ` +
      "Start the server first, in a second terminal: deno task ack-server\n",
  });
});

for (
  const [what, args, line] of [
    [
      "a time that is none",
      ["--timeout", "soon"],
      '--timeout takes a number of seconds from 0.01 to 86400, not "soon"\n',
    ],
    [
      "port 0",
      ["--port", "0"],
      '--port takes a whole number from 1 to 65535, not "0"\n',
    ],
    ["an unknown flag", ["-x"], "There is no flag -x; see --help\n"],
  ] as const
) {
  Deno.test(`${what} gets one line and status 2`, async () => {
    await using client = startScript(CLIENT, [...args]);
    assertEquals(await client.ending(), { code: 2, stdout: "", stderr: line });
  });
}
