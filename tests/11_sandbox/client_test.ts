import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import {
  type FramingName,
  FRAMINGS,
} from "../../lessons/11_sandbox/framing.ts";
import { connect as connectTo } from "../../lessons/11_sandbox/sandbox_client.ts";
import { acceptClient } from "../conversation.ts";
import { within } from "../deadline.ts";
import { type Program, startScript } from "../program.ts";
import { BOTH, startServer } from "./session.ts";

const CLIENT = "lessons/11_sandbox/sandbox_client.ts";

function startClient(port: number, ...flags: string[]): Program {
  return startScript(CLIENT, ["--port", String(port), ...flags]);
}

/** A client, and this process as its server. */
async function startSession(framing: FramingName, ...flags: string[]) {
  const { client, conn, [Symbol.asyncDispose]: dispose } = await acceptClient(
    (port) => startClient(port, "--framing", framing, ...flags),
  );
  const { encode, read } = FRAMINGS[framing];
  const messages = read(conn, 100_000)[Symbol.asyncIterator]();
  return {
    client,
    conn,
    hear: async () => {
      const { done, value } = await within("a message", messages.next());
      return done ? null : value;
    },
    say: (text: string) => writeAll(conn, encode(text)),
    encode,
    [Symbol.asyncDispose]: dispose,
  };
}

for (const framing of BOTH) {
  Deno.test(`${framing}: two clients and the server talk`, async () => {
    await using server = startServer("--framing", framing);
    const port = await server.port();
    await using anna = startClient(
      port,
      "--framing",
      framing,
      "--name",
      "Anna",
    );
    await anna.stdout.match(/Hello Anna!/);
    await using ben = startClient(port, "--framing", framing);
    await ben.type("Ben\nhello\n"); // Who gives no name types it first.
    await anna.stdout.match(/Ben: hello\n/);
    await anna.type("/me waves\r\n/quit\n");
    await ben.stdout.match(/Anna has left the chat\.\n/);
    assertEquals(await anna.ending(), {
      code: 0,
      stdout: `SERVER: Hello Anna! /help lists the commands.
SERVER: Ben has joined the chat.
Ben: hello
* Anna waves
SERVER: Goodbye.
Server closed connection
`,
      stderr: "",
    });
    await ben.endInput();
    assertEquals(await ben.ending(), {
      code: 0,
      stdout: `SERVER: Hello Ben! /help lists the commands.
* Anna waves
SERVER: Anna has left the chat.
`,
      stderr: "",
    });
  });

  Deno.test(`${framing}: each line typed is a message, and the end is told`, async () => {
    await using session = await startSession(framing, "--name", "Anna");
    const { client, hear } = session;
    await client.type("grüße 🦊\n\n");
    await client.type("last");
    await client.endInput();
    for (const text of ["Anna", "grüße 🦊", "", "last", null]) {
      assertEquals(await hear(), text);
    }
    // It still listens, until the server closes too.
    await session.say("SERVER: bye");
    await client.stdout.match(/SERVER: bye\n/);
    await session.conn.closeWrite();
    assertEquals((await client.ending()).code, 0);
  });

  Deno.test(`${framing}: messages that come one byte at a time are printed whole`, async () => {
    await using session = await startSession(framing, "--name", "Anna");
    for (const text of ["Ben: grüße 🦊", "Ben: "]) {
      for (const byte of session.encode(text)) {
        await writeAll(session.conn, new Uint8Array([byte]));
      }
    }
    await session.client.stdout.match(/^Ben: grüße 🦊\nBen: \n$/);
  });

  Deno.test(`${framing}: escape sequences of others do not reach the terminal`, async () => {
    await using session = await startSession(framing, "--name", "Anna");
    await session.say("Ben: \x1b[2J\x07\u202e");
    await session.client.stdout.match(/^Ben: \\x1b\[2J\\x07\\u202e\n/);
  });

  Deno.test(`${framing}: a server that ends, or is killed, has closed the connection`, async () => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      await using server = startServer("--framing", framing);
      const flags = ["--framing", framing, "--name", "Anna"];
      await using client = startClient(await server.port(), ...flags);
      await client.stdout.match(/Hello/);
      server.kill(signal);
      const { code, stdout, stderr } = await client.ending();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(
        stdout.split("\n").slice(1),
        signal === "SIGTERM"
          ? ["SERVER: The server is closing.", "Server closed connection", ""]
          : ["Server closed connection", ""],
      );
    }
  });

  Deno.test(`${framing}: a line that is too long is not sent, and gets one line`, async () => {
    await using session = await startSession(framing, "--name", "Anna");
    await session.client.type("x".repeat(65_537) + "\n");
    assertEquals(await session.client.ending(), {
      code: 1,
      stdout: "",
      stderr: "Line is longer than 65536 bytes. Send it in parts\n",
    });
    assertEquals(await session.hear(), "Anna");
    assertEquals(await session.hear(), null);
  });
}

Deno.test("a newline in a frame is shown, and does not make a second line", async () => {
  await using session = await startSession("frames", "--name", "Anna");
  await session.say("Ben: hi\nSERVER: Ben has left the chat.");
  await session.client.stdout.match(
    /^Ben: hi\\nSERVER: Ben has left the chat\.\n/,
  );
});

Deno.test("lines to a server of frames: it says something that is no line, and closes", async () => {
  await using server = startServer("--framing", "frames");
  await using client = startClient(await server.port(), "--name", "Anna");
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: "Server closed connection without a word. " +
      "Has it the same --framing?\n",
  });
  await server.stdout.match(/left: its message was too long\n/);
});

Deno.test("frames to a server of lines: it waits for a newline; what it says is no frame", async () => {
  await using server = startServer("--idle-timeout", "0.5");
  const flags = ["--framing", "frames", "--name", "Anna"];
  await using client = startClient(await server.port(), ...flags);
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: "The server's message does not end. Has it the same --framing?\n",
  });
  // What it had sent was the beginning of a line, and nobody's name.
  await server.stdout.match(/127\.0\.0\.1:\d+ left: no message from it/);
});

Deno.test({
  name: "a connection that nobody answers is given up in time",
  ignore: Deno.build.os !== "linux", // Others do more for a full queue.
  async fn() {
    using listener = Deno.listen({
      hostname: "127.0.0.1",
      port: 0,
      tcpBacklog: 1,
    });
    using stack = new DisposableStack();
    // Nobody accepts. Once the queue is full, Linux drops what comes.
    await assertRejects(async () => {
      for (let count = 0; count < 10; count++) {
        stack.use(await connectTo(listener.addr, 300));
      }
    }, Deno.errors.TimedOut);
  },
});

Deno.test("a refusal elsewhere names the flag that the server needs there", async () => {
  const [other] = Deno.networkInterfaces().filter(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  );
  const host = other?.address ?? "127.0.0.1";
  await using server = startServer(); // It listens on 127.0.0.1.
  const port = await server.port();
  await using client = startScript(
    CLIENT,
    ["--host", host, "--port", String(port + (other ? 0 : 1))],
    ["-N"],
  );
  const { code, stderr } = await client.ending();
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    `deno task sandbox-server${other ? " --host 0.0.0.0" : ""}\n`,
  );
});
