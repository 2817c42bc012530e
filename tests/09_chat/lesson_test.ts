/**
 * What the text of lesson 09 says, shown.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { bytesOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectedPair } from "../loopback.ts";
import { assertCodeIsIn } from "../page_code.ts";
import { needsNc, needsPython, runNc, startPython } from "../peers.ts";
import { Program, ROOT, startScript } from "../program.ts";
import {
  connect,
  gather,
  hears,
  join,
  joined,
  left,
  startServer,
} from "./chat_room.ts";
import { PYTHON_SERVER } from "./python_chat.ts";

const LESSON = "lessons/09_chat";

Deno.test("the code on the page is that of the programs", async () => {
  const page = await Deno.readTextFile(new URL(`${LESSON}/README.md`, ROOT));
  await assertCodeIsIn(
    page,
    ["chat_server.ts", "room.ts", "chat_client.ts", "blocking_client.ts"]
      .map((name) => `${LESSON}/${name}`),
  );
});

Deno.test("as long as the only thread is busy, nothing is received; but nothing is lost", async () => {
  // In a pipe prompt() does not wait. To keep a thread busy comes to the same.
  using pair = await connectedPair();
  const buffer = new Uint8Array(10);
  let received = false;
  const reading = pair.client.read(buffer).then(() => received = true);
  await pair.server.write(bytesOf("hello"));
  const start = performance.now();
  while (performance.now() - start < 100);
  assertEquals(received, false);
  await within("the read", reading);
  assertEquals(received, true);
});

Deno.test("in a pipe prompt() returns null at once", async () => {
  const source = "console.log(prompt('Name:'))";
  await using program = new Program(Deno.execPath(), ["eval", source]);
  const { code, stdout } = await program.ending(); // Nothing is typed.
  assertEquals(code, 0);
  assertStringIncludes(stdout, "null\n");
});

Deno.test(
  "the texts' server loses the lines that come with the name",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    using ann = await connect(server);
    await ann.send("Ann\n");
    await server.stdout.match(/Ann joined from/);
    using bob = await connect(server);
    await bob.send("Bob\nhi\nfolks\n");
    await hears(ann, joined("Bob"));
    await bob.conn.closeWrite();
    await hears(ann, left("Bob")); // And nothing of what Bob has said.
  },
);

Deno.test(
  "the page's commands: a name and messages in one segment",
  needsNc,
  async () => {
    await using server = startServer();
    using ann = await join(server, "Ann");
    const port = await server.port();
    const { code, stdout } = await runNc(port, "Bob\nhi\nfolks\nEXIT\n");
    assertEquals({ code, stdout }, { code: 0, stdout: "DONE\n" });
    await hears(ann, joined("Bob"), "Bob: hi", "Bob: folks", left("Bob"));
  },
);

for (
  const [whose, start, needs] of [
    ["our", () => startServer(), {}],
    ["the texts'", () => startPython(PYTHON_SERVER), needsPython],
  ] as const
) {
  Deno.test(
    `${whose} server notices that a client was killed before anybody speaks`,
    needs,
    async () => {
      await using server = start();
      using ann = await connect(server);
      await ann.send("Ann\n");
      await server.stdout.match(/Ann joined from/);
      await using bob = startScript(`${LESSON}/chat_client.ts`, [
        "--port",
        String(await server.port()),
        "--name",
        "Bob",
      ]);
      await hears(ann, joined("Bob"));
      bob.kill("SIGKILL");
      await hears(ann, left("Bob"));
    },
  );
}

Deno.test({
  name: "with --host 0.0.0.0 it is there for every address of the machine",
  ignore: Deno.build.os !== "linux", // Only there is 127.0.0.2 one of them.
  async fn() {
    const flags = ["--port", "0", "--host", "0.0.0.0"];
    const script = `${LESSON}/chat_server.ts`;
    await using open = startScript(script, flags, ["-N"]);
    const hostname = "127.0.0.2";
    (await Deno.connect({ hostname, port: await open.port() })).close();

    await using alone = startServer();
    const refused = await Deno.connect({ hostname, port: await alone.port() })
      .catch((error) => error);
    assertEquals(refused instanceof Deno.errors.ConnectionRefused, true);
  },
});

/** Starts the server with its text changed. */
async function startEdited(old: string, by: string): Promise<Program> {
  const url = new URL(`${LESSON}/chat_server.ts`, ROOT);
  const source = await Deno.readTextFile(url);
  assertEquals(source.split(old).length, 2, `There is no ${old}`);
  const server = new Program(
    Deno.execPath(),
    ["run", "--no-prompt", "-N=127.0.0.1", "--ext=ts", "-", "--port", "0"],
    { cwd: ROOT },
  );
  await server.type(
    source.replace(old, by).replaceAll('"../../lib/', '"./lib/')
      .replaceAll('"./room.ts"', `"./${LESSON}/room.ts"`),
  );
  await server.endInput();
  return server;
}

Deno.test("with continue behind the name, the lines that came with it are lost", async () => {
  const join = "room.tell(`SERVER: ${name} has joined the chat.\\n`, name);";
  await using server = await startEdited(join, `${join} continue;`);
  const [ann] = await gather(server, ["Ann"]);
  using bob = await connect(server);
  await bob.send("Bob\nhi\nfolks\nEXIT\n");
  await hears(ann, joined("Bob"));
  await bob.conn.closeWrite();
  await hears(bob, null); // No DONE.
  await hears(ann, left("Bob"));
  ann?.[Symbol.dispose]();
});

Deno.test("without catchUp, one that talks without end puts out who reads more slowly", async () => {
  await using server = await startEdited("await room.catchUp(PATIENCE);", "");
  const [ann] = await gather(server, ["Ann"]);
  // A long name and empty lines: every byte it sends costs the others 132.
  using loud = await join(server, "😀".repeat(32));
  const talking = (async () => {
    const lines = bytesOf("\n".repeat(10_000));
    while (true) await loud.send(lines);
  })().catch(() => {});
  const buffer = new Uint8Array(65_536);
  const reading = (async () => {
    while (await ann?.conn.read(buffer) !== null) {
      // It shows what it has read: about a megabyte a second.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })().catch(() => {});
  await hears(loud, left("Ann"));
  for (const client of [ann, loud]) client?.[Symbol.dispose]();
  await within("both to end", Promise.all([talking, reading]));
  server.kill("SIGINT");
  const log = (await server.ending()).stdout;
  assertStringIncludes(log, "Ann left: it does not read what it is sent\n");
});

Deno.test("the exercise runs: a room, in which /name is a message", async () => {
  await using exercise = startScript(`${LESSON}/exercise.ts`, ["--port", "0"]);
  const [ann] = await gather(exercise, ["Ann"]);
  using other = await join(exercise, " Ann \r");
  await hears(ann, joined("Ann-2"));
  await other.send("hi\n/name Eve\n");
  await hears(ann, "Ann-2: hi", "Ann-2: /name Eve");
  await ann?.send("exit\n");
  assertEquals(await ann?.rest(), ["DONE"]);
  await hears(other, left("Ann"));
  using nameless = await join(exercise, "");
  await hears(other, joined(nameless.peer));
  assertEquals(exercise.stderr.text, "");
  ann?.[Symbol.dispose]();
});
