import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import {
  acceptClient,
  bytesOf,
  startClient,
  startServer,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import {
  type ClientDescription,
  promisesOfClient,
  promisesOfClientEnd,
} from "../promises.ts";
import { CLIENT, SERVER } from "./session.ts";

const PROMPT = "Message (empty to leave): ";
const MESSAGES = [
  "Hello, can you help?",
  "I have a problem with my account",
  "Thank you, goodbye",
];

const HELPDESK: ClientDescription = {
  script: CLIENT,
  port: 5004,
  server: "deno task helpdesk-server",
  help: ["--timeout SECONDS", "--interactive"],
  refused: [
    [
      ["--timeout", "0"],
      '--timeout takes a number of seconds from 0.01 to 86400, not "0"',
    ],
    [["--interactiv"], "There is no flag --interactiv; see --help"],
  ],
  hello: `${MESSAGES[0]}\n`,
  farewell: "\n[CLIENT] Exiting",
};

promisesOfClient(HELPDESK);
promisesOfClientEnd({
  ...HELPDESK,
  args: ["--interactive"],
  hello: "",
  prompt: PROMPT,
  line: "hello",
});

/** A client, and this process as its server. */
async function startSession(...flags: string[]) {
  const start = (port: number) => startClient(CLIENT, port, ...flags);
  const session = await acceptClient(start);
  const lines = readLines(session.conn);
  return {
    ...session,
    line: async () => (await within("a line", lines.next())).value ?? null,
    send: (text: string) => writeAll(session.conn, bytesOf(text)),
  };
}

/** The replies as the client prints them. */
function printed(texts: string[]): string {
  return texts.map((text) => `[CLIENT] [ACK @12:00:00] ${text}\n`).join("");
}

Deno.test("the client sends three lines, each after the reply to the one before", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  const buffer = new Uint8Array(100);
  for (const text of MESSAGES) {
    // One read: there is nothing behind the line, because it waits.
    const count = await within("a line", conn.read(buffer));
    const sent = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
    assertEquals(sent, `${text}\n`);
    await session.send(`[ACK @12:00:00] ${text}\n`);
  }
  assertEquals(await within("the end", conn.read(buffer)), null);
  assertEquals(await client.ending(), {
    code: 0,
    stdout: printed(MESSAGES),
    stderr: "",
  });
});

for (
  const [what, reply] of [
    ["one byte at a time", (text: string) => [...`${text}\n`]],
    ["without a newline", (text: string) => [text]],
    ["with the newline late", (text: string) => [text, "\n"]],
    ["in two parts", (text: string) => [text.slice(0, 9), text.slice(9), "\n"]],
  ] as const
) {
  Deno.test(`replies that come ${what} keep the client in step`, async () => {
    await using session = await startSession();
    const { client } = session;
    for (const text of MESSAGES) {
      assertEquals(await session.line(), text);
      const parts = reply(`[ACK @12:00:00] ${text}`);
      for (const part of parts) {
        // The client may have left before a newline that it does not need.
        await session.send(part).catch(() => {});
      }
    }
    const { code, stdout, stderr } = await client.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, printed(MESSAGES));
  });
}

Deno.test("--interactive sends what is typed, until an empty line", async () => {
  await using session = await startSession("--interactive");
  const { client } = session;
  await client.type("grüße\r\n");
  assertEquals(await session.line(), "grüße");
  await session.send("[ACK @12:00:00] grüße\n");
  await client.stdout.match(/grüße\n.*: $/);
  await client.type("\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PROMPT}${printed(["grüße"])}${PROMPT}`,
    stderr: "",
  });
  assertEquals(await session.line(), null);
});

Deno.test("the end of the input ends the client, after the last line", async () => {
  await using session = await startSession("--interactive");
  const { client } = session;
  await client.type("bye\r"); // A CR that no newline follows is not sent.
  await client.endInput();
  assertEquals(await session.line(), "bye");
  await session.send("[ACK @12:00:00] bye\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PROMPT}${printed(["bye"])}${PROMPT}\n`,
    stderr: "",
  });
});

Deno.test("a history of several lines is one reply, however it comes", async () => {
  await using session = await startSession("--interactive");
  const { client } = session;
  await client.type("HISTORY\nHISTORY\nHISTORY\n\n");
  assertEquals(await session.line(), "HISTORY");
  for (const byte of "1: END\n2: a] HISTORY\nEND\n") await session.send(byte);
  assertEquals(await session.line(), "HISTORY");
  await session.send("END\n");
  assertEquals(await session.line(), "HISTORY");
  await session.send("[ACK @12:00:00] HISTORY\n"); // It is but a message here.
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertEquals(
    stdout.replaceAll(PROMPT, ""),
    "[CLIENT] 1: END\n[CLIENT] 2: a] HISTORY\n[CLIENT] END\n" +
      `[CLIENT] END\n${printed(["HISTORY"])}`,
  );
});

Deno.test("escape sequences of the server do not reach the terminal", async () => {
  await using session = await startSession();
  assertEquals(await session.line(), MESSAGES[0]);
  await session.send(`[ACK @\x1b[2J\xff] ${MESSAGES[0]}\n`);
  await session.client.stdout.match(/^\[CLIENT\] \[ACK @\\x1b\[2Jÿ\] Hello/);
});

for (
  const [what, reply] of [
    ["says nothing", ""],
    ["stops in the middle of a reply", "[ACK @12:00:00] Hel"],
    ["answers something else", "[ACK @12:00:00] Goodbye\n"],
  ] as const
) {
  Deno.test(`a server that ${what} gets no more than --timeout`, async () => {
    await using session = await startSession("--timeout", "0.1");
    assertEquals(await session.line(), MESSAGES[0]);
    await session.send(reply);
    assertEquals(await session.client.ending(), {
      code: 1,
      stdout: "",
      stderr: "[CLIENT] Server did not respond in time\n",
    });
  });
}

for (
  const [what, reply, line] of [
    ["says nothing", "", "Server closed connection"],
    [
      "says why",
      "ERROR: Line too long\n",
      "Server closed connection after: ERROR: Line too long",
    ],
  ] as const
) {
  Deno.test(`a server that closes and ${what} leaves a message unanswered: status 1`, async () => {
    await using session = await startSession();
    assertEquals(await session.line(), MESSAGES[0]);
    await session.send(reply);
    await session.conn.closeWrite();
    assertEquals(await session.client.ending(), {
      code: 1,
      stdout: "",
      stderr: `[CLIENT] ${line}\n`,
    });
  });
}

Deno.test("a server that is killed leaves a message unanswered: status 1", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  await using client = startClient(CLIENT, port, "--interactive");
  await client.type("hello\n");
  await client.stdout.match(/hello\n/);
  server.kill("SIGKILL");
  await server.ending();
  await client.type("are you there?\n");
  const { code, stderr } = await client.ending();
  assertEquals({ code, stderr }, {
    code: 1,
    stderr: "[CLIENT] Server closed connection\n",
  });
});

Deno.test("a server that sends without end is left", async () => {
  await using session = await startSession("--timeout", "20");
  assertEquals(await session.line(), MESSAGES[0]);
  const flood = (async () => {
    while (true) await session.send("x".repeat(60_000));
  })().catch(() => {});
  assertEquals(await session.client.ending(), {
    code: 1,
    stdout: "",
    stderr: "[CLIENT] Server sent too much\n",
  });
  await within("the flood to end", flood);
});
