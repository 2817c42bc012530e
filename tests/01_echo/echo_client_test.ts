import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { acceptClient, bytesOf, startClient } from "../conversation.ts";
import { within } from "../deadline.ts";
import { promisesOfClient } from "../promises.ts";

const CLIENT = "lessons/01_echo/echo_client.ts";
const PROMPT = "Send (empty to quit): ";

promisesOfClient({
  script: CLIENT,
  port: 65_432,
  server: "deno task echo-server",
  prompt: PROMPT,
  line: "hello",
});

/** Starts the client and accepts it. */
function startSession() {
  return acceptClient((port) => startClient(CLIENT, port));
}

Deno.test("the client sends a line without its newline and prints what comes back", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("grüße\n");
  const bytes = bytesOf("grüße");
  assertEquals(await within("the line", readExactly(conn, 7)), bytes);
  await writeAll(conn, bytes);
  await client.stdout.match(/Received: grüße\nSend \(empty to quit\): $/);
  await client.type("\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PROMPT}Received: grüße\n${PROMPT}`,
    stderr: "",
  });
  assertEquals(await conn.read(new Uint8Array(1)), null);
});

Deno.test("a reply in two parts does not put the client out of step", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  for (const word of ["first", "second"]) {
    await client.type(`${word}\n`);
    const bytes = await within("a line", readExactly(conn, word.length));
    await writeAll(conn, bytes.subarray(0, 2));
    await writeAll(conn, bytes.subarray(2));
    await client.stdout.match(new RegExp(`Received: ${word}\n`));
  }
});

Deno.test("the end of the input ends the client", async () => {
  await using session = await startSession();
  const { client } = session;
  await client.stdout.match(/Send/);
  await client.endInput();
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PROMPT}\n`,
    stderr: "",
  });
});

Deno.test("the last line counts without its newline", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("bye");
  await client.endInput();
  await writeAll(conn, await within("the line", readExactly(conn, 3)));
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Received: bye\n");
});

Deno.test("the client says when the server closes, and ends", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("hello\n");
  await within("the line", readExactly(conn, 5));
  await conn.write(new Uint8Array([104]));
  await conn.closeWrite();
  const { code, stdout, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /Server closed connection\n$/);
});

Deno.test("the client shows escape sequences instead of passing them on", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("12345\n");
  await within("the line", readExactly(conn, 5));
  await writeAll(conn, bytesOf("\x1b[2J\n"));
  await client.stdout.match(/Received: \\x1b\[2J\\n\n/);
});
