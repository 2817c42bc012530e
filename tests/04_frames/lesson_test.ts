/**
 * What the text of lesson 04 says, shown.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sha256 } from "../../lessons/04_frames/sha256.ts";
import { writeAll } from "../../lib/bytes.ts";
import { encodeFrame, readFrames } from "../../lib/frames.ts";
import {
  assertTurnsAway,
  replyTo,
  startClient,
  startServer,
  textOf,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import { assertCodeIsIn } from "../page_code.ts";
import { needsNc } from "../peers.ts";
import { Program, ROOT } from "../program.ts";
import { PICTURE, startClient as startFramesClient } from "./frames_sent.ts";
import { SERVER } from "./frames_served.ts";

const picture = await Deno.readFile(new URL(PICTURE, ROOT));
const README = await Deno.readTextFile(
  new URL("lessons/04_frames/README.md", ROOT),
);

/** Runs the client to its end. */
async function runClient(port: number, ...words: string[]) {
  await using client = startFramesClient(port, ...words);
  return await client.ending();
}

Deno.test("the page shows the size and the hash of the picture", async () => {
  const size = `${picture.length} bytes  ${await sha256(picture)}`;
  assertStringIncludes(README, `\n${PICTURE}  ${size}\n`);
  assertStringIncludes(README, `] ${size}\n`);
});

Deno.test("every line of code on the page is a line of the programs", async () => {
  await assertCodeIsIn(README, [SERVER, "lib/frames.ts"]);
});

Deno.test("the picture has four newlines, two in its first eight bytes", () => {
  const newlines = (bytes: Uint8Array) =>
    bytes.filter((byte) => byte === 10).length;
  assertEquals(newlines(picture), 4);
  assertEquals(newlines(picture.subarray(0, 8)), 2);
  const first = Array.from(
    picture.subarray(0, 8),
    (byte) => byte.toString(16).toUpperCase().padStart(2, "0"),
  ).join(" ");
  assertStringIncludes(README, `\n${first} `);
});

Deno.test("one changed bit is another hash", async () => {
  const changed = picture.slice();
  changed[500] = (changed[500] ?? 0) ^ 1;
  assert(await sha256(changed) !== await sha256(picture));
});

Deno.test("5 read the wrong way round is 83886080", () => {
  const header = encodeFrame(new Uint8Array(5)).subarray(0, 4);
  assertEquals([...header], [0, 0, 0, 5]);
  const view = new DataView(header.buffer);
  assertEquals(view.getUint32(0), 5);
  assertEquals(view.getUint32(0, true), 83_886_080);
  view.setUint32(0, 5, true);
  assertEquals([...header], [5, 0, 0, 0]);
});

Deno.test("with --max-frame 100 the picture is refused, and both sides say so", async () => {
  await using server = startServer(SERVER, "--max-frame", "100");
  const { code, stderr } = await runClient(await server.port(), PICTURE);
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    "Server closed the connection without an answer",
  );
  await server.stdout.match(/its frame of 955 bytes is over 100\n/);
});

Deno.test("a lines client's hell is taken for a length", async () => {
  await using server = startServer(SERVER);
  const script = "lessons/03_stream/lines_client.ts";
  await using client = startClient(script, await server.port());
  await client.type("hello\n");
  assertStringIncludes(
    (await client.ending()).stdout,
    "Server closed connection\n",
  );
  await server.stdout.match(
    /its frame of 1751477356 bytes is over 16777216\n/,
  );
});

Deno.test("a lines server cuts the picture into four lines, and answers no frame", async () => {
  await using server = startServer("lessons/03_stream/lines_server.ts");
  const port = await server.port();
  const { code, stderr } = await runClient(port, PICTURE);
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    "Frame of 825892864 bytes is longer than 64 bytes",
  );
  // The client has gone by now: see the cuts with one that listens.
  const reply = textOf(await replyTo(server, encodeFrame(picture)));
  assertEquals(
    Array.from(reply.matchAll(/^(\d): /gm), ([, number]) => number),
    ["1", "2", "3", "4"],
  );
});

Deno.test({
  name: "nc sends a frame by hand, and one that is cut off",
  ignore: needsNc.ignore || Deno.build.os === "windows",
  async fn() {
    await using server = startServer(SERVER);
    const port = await server.port();
    const run = async (frame: string) => {
      // The lines of the page, but for the port.
      const line = `printf '${frame}' | nc -N 127.0.0.1 5007`;
      assertStringIncludes(README, line);
      await using shell = new Program("sh", [
        "-c",
        line.replace("5007", String(port)),
      ]);
      return (await shell.ending()).stdout;
    };
    assertEquals(await run("\\0\\0\\0\\11hello"), "");
    await server.stdout.match(/in a frame after 5 of 9 bytes\n/);
    assertEquals(
      await run("\\0\\0\\0\\5hello"),
      `\0\0\0\x40${await sha256(new TextEncoder().encode("hello"))}`,
    );
  },
});

Deno.test("the client shows what came back from a server that reverses", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    using conn = await listener.accept();
    for await (const payload of readFrames(conn)) {
      await writeAll(conn, encodeFrame(payload.toReversed()));
    }
  })().catch(() => {});
  await using client = startFramesClient(listener.addr.port);
  await client.type("hello\n");
  await client.endInput();
  const { code, stderr } = await client.ending();
  assertEquals(code, 1);
  assertStringIncludes(stderr, 'the server says "\\nolleh"\n');
  await within("the server's end", served);
});

Deno.test("the exercise runs: it listens, and turns one client after the other away", async () => {
  await using exercise = startServer("lessons/04_frames/exercise.ts");
  await assertTurnsAway(exercise);
});
