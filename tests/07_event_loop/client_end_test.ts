/**
 * How the client of lesson 07 ends: when it wants to, and when it has to.
 *
 * @module
 */
import { createServer } from "node:net";
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import {
  assertGoodbye,
  bytesOf,
  INTRODUCTION,
  start,
  startClient,
} from "./client_session.ts";

for (const [what, reply] of [["no reply", ""], ["half a reply", "1.5:1"]]) {
  Deno.test(`${what} within --timeout ends the client with status 1`, async () => {
    await using session = await startClient(["--timeout", "0.3"]);
    const { client, conn } = session;
    await session.receive("hello");
    await writeAll(conn, bytesOf(reply ?? ""));
    assertEquals(await client.ending(), {
      code: 1,
      stdout: INTRODUCTION,
      stderr: "Server did not respond in time\n",
    });
  });
}

/** Connects until the queue is full and the system drops who comes then. */
async function fill(port: number): Promise<AsyncDisposable> {
  const conns: Deno.Conn[] = [];
  try {
    while (conns.length < 100) {
      const signal = AbortSignal.timeout(1000);
      conns.push(await Deno.connect({ port, signal }));
    }
    throw new Error("A queue for one took 100 connections");
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  return {
    [Symbol.asyncDispose]() {
      for (const conn of conns) conn.close();
      return Promise.resolve();
    },
  };
}

/** Starts the client where the system lets its connection wait. */
async function startUnanswered(timeout: string) {
  const listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    tcpBacklog: 1,
  });
  const queue = await fill(listener.addr.port);
  const port = String(listener.addr.port);
  const client = start(["--port", port, "--timeout", timeout]);
  return {
    client,
    port,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
      listener.close();
    },
  };
}

const ignore = Deno.build.os !== "linux"; // Others answer with a reset.

Deno.test("an address that does not answer is named", { ignore }, async () => {
  await using session = await startUnanswered("0.3");
  const { client, port } = session;
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: `127.0.0.1:${port} does not answer. ` +
      "Check --host and --port, and whether a firewall stands between\n",
  });
});

Deno.test("Ctrl+C while it connects ends the client", { ignore }, async () => {
  await using session = await startUnanswered("100");
  const { client, port } = session;
  await within("the client to connect", connecting(port));
  client.kill("SIGINT");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: "\nCtrl+C detected. Exiting...\n",
    stderr: "",
  });
});

/** Waits until the client's system has asked for the connection (SYN_SENT). */
async function connecting(port: string): Promise<void> {
  const remote = Number(port).toString(16).toUpperCase().padStart(4, "0");
  const asked = new RegExp(`: \\S+ 0100007F:${remote} 02 `);
  while (!asked.test(await Deno.readTextFile("/proc/net/tcp"))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("the client says when the server closes, and ends", async () => {
  for (const part of ["", "1.5", "1.5:1"]) {
    await using session = await startClient();
    const { client, conn } = session;
    await session.receive("hello");
    await writeAll(conn, bytesOf(part));
    await conn.closeWrite();
    assertEquals(await client.ending(), {
      code: 0,
      stdout: `${INTRODUCTION}Server closed connection\n`,
      stderr: "",
    });
  }
});

Deno.test("the client says when the server resets the connection, and ends", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await using client = start(["--port", String(port)]);
  await client.type("hello\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${INTRODUCTION}Server closed connection\n`,
    stderr: "",
  });
  await within("the listener", new Promise((done) => server.close(done)));
});

Deno.test("Ctrl+D says so, and says goodbye to the server", async () => {
  await using session = await startClient();
  const { client, conn } = session;
  await client.stdout.match(/> $/);
  await client.endInput();
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${INTRODUCTION}\nCtrl+D detected. Exiting...\n`,
    stderr: "",
  });
  await assertGoodbye(conn);
});

Deno.test("an empty line leaves, and says goodbye to the server", async () => {
  await using session = await startClient();
  const { client, conn } = session;
  await client.type("\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${INTRODUCTION}Exiting...\n`,
    stderr: "",
  });
  await assertGoodbye(conn);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} at the prompt leaves, and says goodbye to the server`, async () => {
    await using session = await startClient();
    const { client, conn } = session;
    await client.stdout.match(/> $/);
    client.kill(signal);
    assertEquals(await client.ending(), {
      code: 0,
      stdout: `${INTRODUCTION}\nCtrl+C detected. Exiting...\n`,
      stderr: "",
    });
    await assertGoodbye(conn);
  });

  Deno.test(`${signal} while the client waits for a reply leaves, and says goodbye`, async () => {
    await using session = await startClient();
    const { client, conn } = session;
    await session.receive("hello");
    client.kill(signal);
    assertEquals(await client.ending(), {
      code: 0,
      stdout: `${INTRODUCTION}\nCtrl+C detected. Exiting...\n`,
      stderr: "",
    });
    await assertGoodbye(conn);
  });
}

Deno.test("Ctrl+C after the server has gone leaves all the same", async () => {
  const relay = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using client = start(["--port", String(relay.addr.port)]);
  const conn = await within("the client", relay.accept());
  await client.stdout.match(/> $/);
  conn.close();
  relay.close();
  client.kill("SIGINT");
  const { code, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test("a line over the limit gets one line and status 1", async () => {
  await using session = await startClient();
  const { client } = session;
  await client.type("x".repeat(65_537) + "\n");
  const { code, stderr } = await client.ending();
  assertEquals(code, 1);
  assertEquals(stderr, "Line is longer than 65536 bytes. Send it in parts\n");
});

Deno.test("a server that is not running is named, with the command that starts it", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close(); // Nobody listens there now.
  await using client = start(["--port", String(port)]);
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: `Nobody listens on 127.0.0.1:${port}. Start the server first, ` +
      "in a second terminal: deno task timestamp-server\n",
  });
});

for (
  const [args, line] of [
    [
      ["--timeout", "0"],
      '--timeout takes a number of seconds from 0.01 to 86400, not "0"\n',
    ],
    [
      ["--port", "0"],
      '--port takes a whole number from 1 to 65535, not "0"\n',
    ],
    [["--measure"], "There is no flag --measure; see --help\n"],
  ] as const
) {
  Deno.test(`${args.join(" ")} gets one line and status 2`, async () => {
    await using client = start([...args]);
    assertEquals(await client.ending(), { code: 2, stdout: "", stderr: line });
  });
}
