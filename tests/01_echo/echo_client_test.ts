import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { type Program, startScript } from "../program.ts";

const PROMPT = "Send (empty to quit): ";

/** Starts the client and accepts it. */
async function startClient() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = start(["--port", String(listener.addr.port)]);
  const conn = await within("the client", listener.accept());
  conn.setNoDelay();
  return {
    client,
    conn,
    async [Symbol.asyncDispose]() {
      listener.close();
      conn.close();
      await client[Symbol.asyncDispose]();
    },
  };
}

function start(args: string[]): Program {
  return startScript("lessons/01_echo/echo_client.ts", args);
}

Deno.test("the client sends a line without its newline and prints what comes back", async () => {
  await using session = await startClient();
  const { client, conn } = session;
  await client.type("grüße\n");
  const bytes = new TextEncoder().encode("grüße");
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
  await using session = await startClient();
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
  await using session = await startClient();
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
  await using session = await startClient();
  const { client, conn } = session;
  await client.type("bye");
  await client.endInput();
  await writeAll(conn, await within("the line", readExactly(conn, 3)));
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Received: bye\n");
});

Deno.test("the client says when the server closes, and ends", async () => {
  await using session = await startClient();
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
  await using session = await startClient();
  const { client, conn } = session;
  await client.type("12345\n");
  await within("the line", readExactly(conn, 5));
  await writeAll(conn, new TextEncoder().encode("\x1b[2J\n"));
  await client.stdout.match(/Received: \\x1b\[2J\\n\n/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} at the client's prompt ends it with status 0`, async () => {
    await using session = await startClient();
    const { client, conn } = session;
    await client.stdout.match(/Send/);
    client.kill(signal);
    assertEquals(await client.ending(), {
      code: 0,
      stdout: `${PROMPT}\nClient exiting\n`,
      stderr: "",
    });
    assertEquals(await conn.read(new Uint8Array(1)), null);
  });

  Deno.test(`${signal} while the client waits for a reply ends it with status 0`, async () => {
    await using session = await startClient();
    const { client, conn } = session;
    await client.type("hello\n");
    await within("the line", readExactly(conn, 5));
    client.kill(signal);
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertMatch(stdout, /\nClient exiting\n$/);
  });
}

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
    stderr: `Nobody listens on 127.0.0.1:${port}. ` +
      "Start the server first, in a second terminal: deno task echo-server\n",
  });
});

for (
  const [what, host, line] of [
    [
      "a host that does not exist",
      "nowhere.invalid",
      "There is no host named nowhere.invalid. Check the spelling of --host\n",
    ],
    [
      "a host that cannot exist",
      "a..b",
      '"a..b" is neither an address nor a name. Check --host\n',
    ],
  ] as const
) {
  Deno.test(`${what} is named, with status 1`, async () => {
    const script = "lessons/01_echo/echo_client.ts";
    await using client = startScript(script, ["--host", host], ["-N"]);
    assertEquals(await client.ending(), { code: 1, stdout: "", stderr: line });
  });
}
