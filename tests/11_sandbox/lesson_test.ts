/**
 * What the pages of lesson 11 say, shown.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { type Reader, writeAll } from "../../lib/bytes.ts";
import { type Framing } from "../../lessons/11_sandbox/framing.ts";
import { serveRoom } from "../../lessons/11_sandbox/sandbox_server.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { needsNc, runNc } from "../peers.ts";
import { startScript } from "../program.ts";
import { connect, join, SERVER, startServer } from "./session.ts";

Deno.test("lines to a server of frames: the answer is the bytes that the page shows", async () => {
  await using server = startServer("--framing", "frames");
  using session = await connect(server);
  await session.send("Anna\nhello\n");
  const reply = await within("the answer", readAll(session.conn));
  const text = "SERVER: Message is longer than 65536 bytes";
  assertEquals(
    new TextDecoder().decode(reply),
    `\0\0\0*${text}`, // 0x2a is 42.
  );
  assertEquals(text.length, 42);
  assertEquals(
    new DataView(new TextEncoder().encode("Anna").buffer).getUint32(0) > 1e9,
    true,
  );
});

Deno.test("Anna's terminal and Ben's, message by message", async () => {
  await using server = startServer();
  using anna = await join(server, "Anna");
  using ben = await join(server, "Ben");
  assertEquals(await anna.hear(), "SERVER: Ben has joined the chat.");
  await anna.say("Hello Ben!", "/me waves");
  assertEquals(await anna.hear(), "* Anna waves");
  assertEquals(await ben.hear(), "Anna: Hello Ben!");
  assertEquals(await ben.hear(), "* Anna waves");
  const typed = ["half a line", "/nick Benno", "/who", "/dance", "/help"];
  await ben.say(...typed, "//who", "/quit");
  assertEquals(await ben.rest(), [
    "SERVER: Ben is now Benno",
    "SERVER: 2 here: Anna, Benno",
    "SERVER: no command /dance; /help lists them",
    "SERVER: /help, /me ACTION, /nick NEW, /quit, /who",
    "SERVER: Goodbye.",
  ]);
  for (
    const text of [
      "Ben: half a line",
      "SERVER: Ben is now Benno",
      "Benno: /who",
      "SERVER: Benno has left the chat.",
    ]
  ) {
    assertEquals(await anna.hear(), text);
  }
});

/** A third framing, in the open: a message ends at a semicolon. */
const semicolons: Framing = {
  encode: (text) => new TextEncoder().encode(`${text};`),
  async *read(reader: Reader) {
    const buffer = new Uint8Array(100);
    let rest = "";
    for (let count; (count = await reader.read(buffer)) !== null;) {
      rest += new TextDecoder().decode(buffer.subarray(0, count));
      const texts = rest.split(";");
      rest = texts.pop() ?? "";
      yield* texts;
    }
  },
};

Deno.test("a framing of one's own is all that another framing needs", async () => {
  const stop = new AbortController();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const served = serveRoom(listener, {
    framing: semicolons,
    idleTimeout: 0,
    signal: stop.signal,
    log: () => {},
  });
  using client = await Deno.connect({ port });
  await writeAll(client, new TextEncoder().encode("Anna;/who;/me wa"));
  await writeAll(client, new TextEncoder().encode("ves;/quit;"));
  const bytes = await within("all answers", readAll(client));
  assertEquals(
    new TextDecoder().decode(bytes),
    "SERVER: Hello Anna! /help lists the commands.;SERVER: 1 here: Anna;" +
      "* Anna waves;SERVER: Goodbye.;",
  );
  stop.abort();
  await within("the server to end", served);
});

Deno.test({
  name: "frames by hand, with nc: a name and a question",
  ...needsNc,
  async fn() {
    await using server = startServer("--framing", "frames");
    const sent = "\0\0\0\x03Eva\0\0\0\x04/who\0\0\0\x05/quit";
    const { stdout } = await runNc(await server.port(), sent);
    const hello = "SERVER: Hello Eva! /help lists the commands.";
    assertEquals(
      stdout,
      `\0\0\0,${hello}\0\0\0\x13SERVER: 1 here: Eva\0\0\0\x10SERVER: Goodbye.`,
    );
  },
});

Deno.test({
  name: "a server on one address of its machine refuses at the others",
  ignore: Deno.build.os !== "linux", // Elsewhere 127.0.0.2 is nobody's.
  async fn() {
    await using server = startScript(
      SERVER,
      ["--host", "127.0.0.2", "--port", "0"],
      ["-N=127.0.0.2"],
    );
    const port = await server.port();
    (await Deno.connect({ hostname: "127.0.0.2", port })).close();
    await assertRejects(
      () => Deno.connect({ hostname: "127.0.0.1", port }),
      Deno.errors.ConnectionRefused,
    );
  },
});
