/**
 * How the client of lesson 07 ends: when it wants to, and when it has to.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf, startClient } from "../conversation.ts";
import { within } from "../deadline.ts";
import { listenWithFullQueue } from "../full_queue.ts";
import { listenResetting } from "../loopback.ts";
import { promisesOfClient } from "../promises.ts";
import {
  assertGoodbye,
  CLIENT,
  INTRODUCTION,
  startSession,
} from "./client_session.ts";

promisesOfClient({
  script: CLIENT,
  port: 12_345,
  server: "deno task timestamp-server",
  help: ["--timeout SECONDS"],
  refused: [
    [
      ["--timeout", "0"],
      '--timeout takes a number of seconds from 0.01 to 86400, not "0"',
    ],
    [["--measure"], "There is no flag --measure; see --help"],
  ],
  prompt: INTRODUCTION,
  line: "hello",
  goodbye: "\xff",
  farewell: "\nCtrl+C detected. Exiting...",
});

for (const [what, reply] of [["no reply", ""], ["half a reply", "1.5:1"]]) {
  Deno.test(`${what} within --timeout ends the client with status 1`, async () => {
    await using session = await startSession("--timeout", "0.3");
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

const ignore = Deno.build.os !== "linux"; // Others answer with a reset.

Deno.test("an address that does not answer is named", { ignore }, async () => {
  using queue = await listenWithFullQueue();
  const { port } = queue;
  await using client = startClient(CLIENT, port, "--timeout", "0.3");
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: `127.0.0.1:${port} does not answer. ` +
      "Check --host and --port, and whether a firewall stands between\n",
  });
});

Deno.test("Ctrl+C while it connects ends the client", { ignore }, async () => {
  using queue = await listenWithFullQueue();
  await using client = startClient(CLIENT, queue.port, "--timeout", "100");
  await within("the client to connect", connecting(queue.port));
  client.kill("SIGINT");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: "\nCtrl+C detected. Exiting...\n",
    stderr: "",
  });
});

/** Waits until the client's system has asked for the connection (SYN_SENT). */
async function connecting(port: number): Promise<void> {
  const remote = port.toString(16).toUpperCase().padStart(4, "0");
  const asked = new RegExp(`: \\S+ 0100007F:${remote} 02 `);
  while (!asked.test(await Deno.readTextFile("/proc/net/tcp"))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("the client says when the server closes, and ends", async () => {
  for (const part of ["", "1.5", "1.5:1"]) {
    await using session = await startSession();
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
  await using server = await listenResetting();
  await using client = startClient(CLIENT, server.port);
  await client.type("hello\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${INTRODUCTION}Server closed connection\n`,
    stderr: "",
  });
});

Deno.test("Ctrl+D says so, and says goodbye to the server", async () => {
  await using session = await startSession();
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
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${INTRODUCTION}Exiting...\n`,
    stderr: "",
  });
  await assertGoodbye(conn);
});

Deno.test("Ctrl+C after the server has gone leaves all the same", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.stdout.match(/> $/);
  conn.close();
  client.kill("SIGINT");
  const { code, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});
