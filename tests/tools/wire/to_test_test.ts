import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { createServer } from "node:net";
import { TcpProxy } from "../../../tools/wire/proxy.ts";
import { Recording } from "../../../tools/wire/recording.ts";
import { connect } from "../../../tools/wire/replay.ts";
import { testOf } from "../../../tools/wire/to_test.ts";
import { type Trace } from "../../../tools/wire/trace.ts";
import { parseTrace } from "../../../tools/wire/trace_file.ts";
import { NONE } from "../../../tools/wire/trouble.ts";
import { within } from "../../deadline.ts";
import { type Ending, Program, startScript } from "../../program.ts";
import { type Short, traceOf } from "./traces.ts";

/** Runs the test of a trace against the server at `port`. */
async function runAgainst(port: number, trace: Trace): Promise<Ending> {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/replay_test.ts`;
    await Deno.writeTextFile(file, testOf(trace, "a trace"));
    const args = ["test", "--no-check", "--no-prompt", "-N=127.0.0.1", file];
    await using test = new Program(
      Deno.execPath(),
      [...args, "--", "--to", `127.0.0.1:${port}`],
      { cwd: folder },
    );
    return await test.ending();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runAgainstScript(path: string, trace: Trace): Promise<Ending> {
  await using server = startScript(path, ["--port", "0"]);
  return await runAgainst(await server.port(), trace);
}

function assertPassed({ code, stdout, stderr }: Ending): void {
  assertEquals(code, 0, stdout + stderr);
  assertStringIncludes(stdout, "1 passed");
}

/** The test fails with these words, and nothing stays open. */
function assertFailed({ code, stdout }: Ending, words: string): void {
  assertEquals(code, 1, stdout);
  assertStringIncludes(stdout, words);
  assertNotMatch(stdout, /leak/i);
}

Deno.test("a line server passes the test of its trace, and a broken one fails it", async () => {
  const trace = traceOf("lines", [
    [1, "connect"],
    [1, "client>", "Gr"],
    [1, "client>", "üße\ntw"],
    [1, "server>", "1: Gr"],
    [1, "server>", "üße\n"],
    [1, "client>", "o\n"],
    [1, "server>", "2: two\n"],
    [1, "client."],
    [1, "server."],
    [1, "close"],
  ]);
  const server = "lessons/03_stream/lines_server.ts";
  assertPassed(await runAgainstScript(server, trace));
  const broken = "tests/03_stream/broken/always_one.ts";
  assertFailed(
    await runAgainstScript(broken, trace),
    `client 1: got something else
  expected  "2: two\\n"
  received  "1: two\\n"
             ^ byte 0
  await client1.expect("2: two\\n");
  ^`,
  );
});

Deno.test("a chat passes the test of its trace: several clients, in their order", async () => {
  const joined = "SERVER: bob has joined the chat.\n";
  const trace = traceOf("lines", [
    [1, "connect"],
    [1, "client>", "alice\n"],
    [2, "connect"],
    [2, "client>", "bob\n"],
    [1, "server>", joined],
    [1, "client>", "hi `${you}` */ \u202e\n"],
    [2, "server>", "alice: hi `${you}` */ \u202e\n"],
    [2, "client>", "EXIT\n"],
    [2, "server>", "DONE\n"],
    [1, "server>", "SERVER: bob has left "],
    [2, "server."],
    [1, "server>", "the chat.\n"],
    [2, "client."],
  ]);
  assertPassed(await runAgainstScript("lessons/09_chat/chat_server.ts", trace));
});

Deno.test("a server of frames passes the test of its trace, zero bytes included", async () => {
  const sha256 = async (payload: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", payload)).toHex();
  const payload = new Uint8Array([0, 255, 254, 10]);
  const trace = traceOf("frames", [
    [1, "connect"],
    [1, "client>", new Uint8Array([0, 0])],
    [1, "client>", new Uint8Array([0, 4, ...payload])],
    [1, "server>", `\0\0\0@${await sha256(payload)}`],
    [1, "client>", "\0\0\0\0"],
    [1, "server>", "\0\0\0"],
    [1, "server>", `@${await sha256(new Uint8Array(0))}`],
  ]);
  const server = "lessons/04_frames/frames_server.ts";
  assertPassed(await runAgainstScript(server, trace));
  const broken = "tests/04_frames/broken/one_read_length.ts";
  assertEquals((await runAgainstScript(broken, trace)).code, 1);
});

Deno.test("a reset is replayed as one, and a reset of the server is expected", async () => {
  const broken = Promise.withResolvers<string | undefined>();
  // Answers, and breaks off what it does not know.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on(
      "error",
      ({ code }: Error & { code?: string }) => broken.resolve(code),
    );
    socket.on("data", (chunk) => {
      if (chunk.toString() === "hi") socket.write("ho");
      else socket.resetAndDestroy();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const hi: Short[] = [
    [1, "connect"],
    [1, "client>", "hi"],
    [1, "server>", "ho"],
  ];
  const unknown: Short[] = [...hi, [1, "client>", "?"]];
  assertPassed(
    await runAgainst(port, traceOf("none", [...unknown, [1, "server!"]])),
  );
  assertFailed(
    await runAgainst(port, traceOf("none", [...unknown, [1, "server>", "!"]])),
    "client 1: the connection was reset: 0 of 1 bytes have come",
  );
  assertPassed(
    await runAgainst(port, traceOf("none", [...hi, [1, "client!"]])),
  );
  assertEquals(await within("the reset", broken.promise), "ECONNRESET");
  await new Promise<void>((done) => server.close(() => done()));
});

Deno.test("what a proxy has recorded becomes a test, the pieces it has cut included", async () => {
  await using server = startScript("lessons/03_stream/lines_server.ts", [
    "--port",
    "0",
  ]);
  const port = await server.port();
  const recording = new Recording({
    to: `127.0.0.1:${port}`,
    framing: "lines",
  });
  {
    await using proxy = new TcpProxy({
      to: () => ({ hostname: "127.0.0.1", port }),
      recording,
      seed: 1,
      troubles: {
        client: { ...NONE, cut: 1 },
        server: { ...NONE, cut: 1 },
      },
    });
    const address = await proxy.listen({ hostname: "127.0.0.1", port: 0 });
    await using client = await connect(`127.0.0.1:${address.port}`, "client");
    await client.send("a€\n");
    await client.expect("1: a€\n");
    await client.halfClose();
    await client.expectEnd();
  }
  const trace = parseTrace([...recording.lines()].join(""));
  assertMatch(
    testOf(trace, "cut"),
    /send\("a"\);\n.*\n.*send\(hex\("e2"\)\);\n.*send\(hex\("82"\)\);\n.*send\(hex\("ac"\)\);\n.*send\("\\n"\);\n.*expect\("1: a€\\n"\);\n.*halfClose\(\);\n.*expectEnd\(\);\n}/,
  );
  assertPassed(await runAgainst(port, trace));
});
