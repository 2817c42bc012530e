/**
 * What the text of lesson 03 says, shown.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { LineSplitter, readLines } from "../../lib/lines.ts";
import { assertTurnsAway, startClient, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { limitReads, readerOf } from "../lib/chunks.ts";
import { connectedPair, readAll } from "../loopback.ts";
import { assertCodeIsIn } from "../page_code.ts";
import { ROOT, startScript } from "../program.ts";

const SERVER = "lessons/03_stream/lines_server.ts";
const CLIENT = "lessons/03_stream/lines_client.ts";
const encoder = new TextEncoder();
const README = await Deno.readTextFile(
  new URL("lessons/03_stream/README.md", ROOT),
);

Deno.test("the demo prints what the page shows, but for where the reads cut", async () => {
  await using demo = startScript("lessons/03_stream/stream_demo.ts");
  const { code, stdout, stderr } = await demo.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const shown = README.match(/```\n(write, read:.*?)```/s)?.[1] ?? "";
  // What the reads brought may differ from one system to the next.
  const steady = (text: string) =>
    text.split("\n").filter((line) => !/^ {3}(read|chunks) /.test(line));
  assertEquals(steady(stdout), steady(shown));

  const rows = (name: string, text: string) =>
    Array.from(
      text.matchAll(new RegExp(`^   ${name} +(.*)$`, "gm")),
      ([, row]) => row?.replaceAll(/[| ]+/g, " "),
    );
  assertEquals(rows("write", stdout).length, 7);
  assertEquals(rows("read", stdout), rows("write", stdout));
  assert(stdout.split("\n").every((line) => line.length < 80));
});

Deno.test("every line of code on the page is a line of the programs", async () => {
  await assertCodeIsIn(README, [SERVER, CLIENT]);
});

Deno.test("the demo takes no words, and says so in one line", async () => {
  await using demo = startScript("lessons/03_stream/stream_demo.ts", ["fast"]);
  assertEquals(await demo.ending(), {
    code: 2,
    stdout: "",
    stderr: '"fast" is not a flag; see --help\n',
  });
});

Deno.test("without permission the demo names the command that grants it", async () => {
  const path = "lessons/03_stream/stream_demo.ts";
  await using demo = startScript(path, [], []);
  const { code, stderr } = await demo.ending();
  assertEquals(code, 1);
  assertStringIncludes(stderr, `deno run --allow-net=127.0.0.1 ${path}\n`);
});

Deno.test("the splitter hands out what the page's table says", () => {
  const splitter = new LineSplitter();
  const push = (text: string) => splitter.push(encoder.encode(text));
  assertEquals(push("hell"), []);
  assertEquals(push("o\nwo"), ["hello"]);
  assertEquals(push("rld\n"), ["world"]);
  assertEquals(splitter.finish(), null);
});

Deno.test("reads of at most 1024 bytes put together a line of 60000", async () => {
  const line = "x".repeat(60_000);
  let count = 0;
  const whole = readerOf([encoder.encode(`${line}\n`)]);
  const reader = limitReads({
    read(buffer) {
      count++;
      return whole.read(buffer);
    },
  }, [1024]);
  assertEquals((await readLines(reader).next()).value, line);
  assertEquals(count, 59);
});

Deno.test("to close with unread bytes gives a client that still writes an error", async () => {
  using pair = await connectedPair();
  await writeAll(pair.client, new Uint8Array(100_000));
  await pair.server.read(new Uint8Array(10)); // More has come than is read.
  await writeAll(pair.server, encoder.encode("ERROR: Line too long\n"));
  pair.server.close();
  const error: unknown = await within(
    "the write to fail",
    (async () => {
      while (true) await writeAll(pair.client, new Uint8Array(100_000));
    })().catch((error) => error),
  );
  assertEquals(isDisconnect(error), true, String(error));
});

Deno.test("a client that sends no newline gets no reply, and was never heard", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  await using client = startClient("lessons/01_echo/echo_client.ts", port);
  await client.stdout.match(/Send/);
  await client.type("hello\n");
  client.kill("SIGINT");
  const { stdout } = await client.ending();
  assertEquals(stdout, "Send (empty to quit): \nClient exiting\n");

  // The same bytes, and to be sure that they have arrived, the end.
  using other = await Deno.connect({ port });
  await writeAll(other, encoder.encode("hello"));
  await other.closeWrite();
  const reply = await within("the end", readAll(other));
  assertEquals(reply, new Uint8Array());
  await server.stdout.match(/Client disconnected[^]*Client disconnected/);
  assertEquals(server.stdout.text.includes("hello"), false);
});

Deno.test("the lines client works with the echo server, without numbers", async () => {
  await using server = startServer("lessons/01_echo/echo_server.ts");
  await using client = startClient(CLIENT, await server.port());
  await client.type("hello\n\n");
  const { stdout } = await client.ending();
  assertStringIncludes(stdout, "Received: hello\n");
});

Deno.test("with --max-line 10 a line of eleven letters is the last", async () => {
  await using server = startServer(SERVER, "--max-line", "10");
  await using client = startClient(CLIENT, await server.port());
  await client.type("elevenchars\n");
  await client.stdout.match(/Received: ERROR: Line too long\n/);
  await client.type("again\n");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Server closed connection\n");
});

Deno.test("the exercise runs: it listens, and turns one client after the other away", async () => {
  await using exercise = startServer("lessons/03_stream/exercise.ts");
  await assertTurnsAway(exercise);
});
