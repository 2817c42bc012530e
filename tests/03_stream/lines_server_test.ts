import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import fc from "../fast_check.ts";
import { chunked, singleBytes } from "../lib/chunks.ts";
import { readAll } from "../loopback.ts";
import { needsNc, needsPython, runNc, runPython } from "../peers.ts";
import { promisesOfServer } from "../promises.ts";
import { assertServes, replyTo, SERVER } from "./lines_served.ts";

const encoder = new TextEncoder();

promisesOfServer({
  script: SERVER,
  port: 5005,
  help: ["--max-line BYTES", "65536"],
  refused: ["0", "16777217"].map((value) => [
    ["--max-line", value],
    `--max-line takes a whole number from 1 to 16777216, not "${value}"`,
  ]),
});

Deno.test("each client's lines are numbered from 1, and the log says who sent what", async () => {
  await using server = startServer(SERVER);
  using first = await connect(server);
  using second = await connect(server);
  const replies = [readLines(first), readLines(second)] as const;
  for (const number of [1, 2, 3]) {
    for (const [index, client] of [first, second].entries()) {
      await writeAll(client, encoder.encode(`line ${number}\n`));
      const reply = await within("the reply", replies[index as 0 | 1].next());
      assertEquals(reply.value, `${number}: line ${number}`);
    }
  }
  const { port } = first.localAddr as Deno.NetAddr;
  first.close();
  await server.stdout.match(
    new RegExp(`Client disconnected: 127\\.0\\.0\\.1:${port}\n`),
  );
  assertStringIncludes(
    server.stdout.text,
    `Connected by 127.0.0.1:${port}\n`,
  );
  assertStringIncludes(server.stdout.text, `[127.0.0.1:${port}] line 3\n`);
  assertEquals(server.stderr.text, "");
});

Deno.test("the whole log of one client is what the lesson shows", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  const { port } = client.localAddr as Deno.NetAddr;
  await writeAll(client, encoder.encode("hello\nworld\n"));
  await client.closeWrite();
  await within("the end", readAll(client));
  await server.stdout.match(/disconnected/);
  assertEquals(
    server.stdout.text,
    `Listening on 127.0.0.1:${await server.port()}\n` +
      `Connected by 127.0.0.1:${port}\n` +
      `[127.0.0.1:${port}] hello\n[127.0.0.1:${port}] world\n` +
      `Client disconnected: 127.0.0.1:${port}\n`,
  );
});

Deno.test("what comes back is the same for every split", async () => {
  await using server = startServer(SERVER);
  const bytes = fc.array(
    fc.constantFrom(0, 10, 10, 13, 0x1b, 0x61, 0xe2, 0x82, 0xac, 0xff),
    { maxLength: 40 },
  ).map((values) => new Uint8Array(values));
  await fc.assert(
    fc.asyncProperty(chunked(bytes), async ({ bytes, chunks }) => {
      assertEquals(await replyTo(server, ...chunks), expected(bytes));
    }),
    { numRuns: 60 },
  );

  /** The protocol, said the slow way. */
  function expected(bytes: Uint8Array): string {
    let reply = "";
    let line: number[] = [];
    let number = 0;
    for (const byte of bytes) {
      if (byte !== 10) line.push(byte);
      else {
        if (line.at(-1) === 13) line.pop();
        const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
        reply += `${++number}: ${decoder.decode(new Uint8Array(line))}\n`;
        line = [];
      }
    }
    return reply;
  }
});

Deno.test("text of every kind survives being sent byte by byte", async () => {
  await using server = startServer(SERVER);
  const bytes = encoder.encode("grüße\r\n3€\n\n👋\0\t\r\r\nunfinished");
  const reply = "1: grüße\n2: 3€\n3: \n4: 👋\0\t\r\n";
  assertEquals(await replyTo(server, ...singleBytes(bytes)), reply);
  assertEquals(await replyTo(server, bytes), reply);
});

Deno.test("ten thousand lines in one go come back, each with its number", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  const count = 10_000;
  const writing = writeAll(client, encoder.encode("x\n".repeat(count)))
    .then(() => client.closeWrite());
  const lines = await within("all", Array.fromAsync(readLines(client)));
  await writing;
  assertEquals(lines, Array.from({ length: count }, (_, i) => `${i + 1}: x`));
});

Deno.test("escape sequences reach the peer, and not the server's terminal", async () => {
  await using server = startServer(SERVER);
  const line = "\x1b]0;title\x07\x1b[2J\u009b31m\u202e\rover";
  assertEquals(await replyTo(server, `${line}\n`), `1: ${line}\n`);
  await server.stdout.match(/disconnected/);
  assertStringIncludes(
    server.stdout.text,
    "] \\x1b]0;title\\x07\\x1b[2J\\x9b31m\\u202e\\rover\n",
  );
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(server.stdout.text), false);
});

Deno.test("a line of 65536 bytes is served, a longer one gets an error and the end", async () => {
  await using server = startServer(SERVER);
  const longest = "x".repeat(65_536);
  assertEquals(await replyTo(server, `${longest}\r\n`), `1: ${longest}\n`);
  assertEquals(
    await replyTo(server, `a\n${longest}x\nb\n`),
    "1: a\nERROR: Line too long\n",
  );
  await server.stdout.match(/, its line was longer than 65536 bytes\n/);
  await assertServes(server);
});

Deno.test("--max-line sets the limit, in bytes without the line end", async () => {
  await using server = startServer(SERVER, "--max-line", "6");
  assertEquals(await replyTo(server, "12345\n"), "1: 12345\n");
  assertEquals(await replyTo(server, "€€\r\n"), "1: €€\n");
  assertEquals(await replyTo(server, "€€."), "ERROR: Line too long\n");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} while a client is in the middle of a line`, async () => {
    await using server = startServer(SERVER);
    using client = await connect(server);
    await writeAll(client, encoder.encode("one\ntw"));
    const replies = readLines(client);
    assertEquals((await within("a reply", replies.next())).value, "1: one");
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\nServer stopped\n$/);
  });
}

Deno.test("nc is answered line by line", needsNc, async () => {
  await using server = startServer(SERVER);
  const text = "héllo\r\nwörld\nunfinished";
  assertEquals(await runNc(await server.port(), text), {
    code: 0,
    stdout: "1: héllo\n2: wörld\n",
    stderr: "",
  });
});

/** From the protocol: two lines in one sendall, one cut in a character. */
const PYTHON_CLIENT = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall("h\\u00e9llo\\nworld\\n3".encode())
    s.sendall(b"\\xe2\\x82")
    s.sendall(b"\\xac\\r\\n")
    replies = s.makefile("r", encoding="utf-8", newline="\\n")
    for _ in range(3):
        print("Received:", replies.readline(), end="")
`;

Deno.test("a Python client is answered line by line", needsPython, async () => {
  await using server = startServer(SERVER);
  assertEquals(await runPython(PYTHON_CLIENT, await server.port()), {
    code: 0,
    stdout: "Received: 1: héllo\nReceived: 2: world\nReceived: 3: 3€\n",
    stderr: "",
  });
});
