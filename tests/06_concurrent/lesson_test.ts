/**
 * What the text of lesson 06 says, shown.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { startClient, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectedPair, connectResetting } from "../loopback.ts";
import { needsPython, runPython } from "../peers.ts";
import { Program, ROOT } from "../program.ts";
import { assertServesInTurn } from "./in_turn.ts";

const LESSON = "lessons/06_concurrent";
const EXERCISE = `${LESSON}/exercise.ts`;

/** Runs a program that is given as text, to its end. */
async function run(source: string, flags: string[] = []) {
  await using program = new Program(
    Deno.execPath(),
    ["run", "--no-prompt", "--quiet", ...flags, "-"],
    { cwd: ROOT },
  );
  await program.type(source);
  await program.endInput();
  return await program.ending();
}

/** Ten tasks that each wait for a byte from a client, and then count it. */
async function countTen(
  count: (wait: () => Promise<unknown>) => Promise<void>,
) {
  using pair = await connectedPair();
  const wait = async () => {
    await writeAll(pair.client, new Uint8Array(1));
    await readExactly(pair.server, 1);
  };
  await within(
    "ten tasks",
    Promise.all(Array.from({ length: 10 }, () => count(wait))),
  );
}

Deno.test("what is read before an await and written after it loses updates", async () => {
  let visitors = 0;
  await countTen(async (wait) => {
    const before = visitors;
    await wait();
    visitors = before + 1;
  });
  assertEquals(visitors, 1);
});

Deno.test("with no await between, no update is lost", async () => {
  let visitors = 0;
  await countTen(async (wait) => {
    await wait();
    visitors = visitors + 1;
  });
  assertEquals(visitors, 10);
});

Deno.test("an error that no task catches ends the whole program", async () => {
  const { code, stdout, stderr } = await run(`
    async function task() {
      await Promise.resolve();
      throw new Deno.errors.ConnectionReset("one client");
    }
    task();
    setTimeout(() => console.log("still here"), 100);
  `);
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertStringIncludes(stderr, "ConnectionReset: one client");
});

Deno.test("two echo clients are answered in turns", async () => {
  await using server = startServer(`${LESSON}/concurrent_server.ts`);
  const port = await server.port();
  await using first = startClient("lessons/01_echo/echo_client.ts", port);
  await using second = startClient("lessons/01_echo/echo_client.ts", port);
  for (const word of ["one", "two"]) {
    for (const client of [first, second]) {
      await client.type(`${word}\n`);
      await client.stdout.match(new RegExp(`Received: ${word}\n`));
    }
  }
});

Deno.test({
  name: "a listener with reusePort lets in others with it, and nobody without",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const source = `
      function tryTo(reusePort, secondReusePort) {
        const hostname = "127.0.0.1";
        using first = Deno.listen({ hostname, port: 0, reusePort });
        const { port } = first.addr;
        try {
          Deno.listen({ hostname, port, reusePort: secondReusePort }).close();
          console.log("shared");
        } catch (error) {
          console.log(error.name);
        }
      }
      tryTo(true, true);
      tryTo(true, false);
      tryTo(false, true);
      tryTo(false, false);
    `;
    const { code, stdout } = await run(source, ["-N", "--unstable-net"]);
    assertEquals(code, 0);
    assertEquals(stdout, "shared\nAddrInUse\nAddrInUse\nAddrInUse\n");
  },
});

Deno.test("without --unstable-net, reusePort ends the program with status 70", async () => {
  const { code, stdout, stderr } = await run(
    `
    try {
      Deno.listen({ hostname: "127.0.0.1", port: 0, reusePort: true });
    } finally {
      console.log("never printed");
    }
  `,
    ["-N"],
  );
  assertEquals({ code, stdout }, { code: 70, stdout: "" });
  assertStringIncludes(stderr, "--unstable-net");
});

Deno.test("a worker has a memory of its own", async () => {
  const name = "onlyHere";
  Reflect.set(globalThis, name, 1);
  const source = `self.postMessage("${name}" in globalThis); self.close();`;
  const worker = new Worker(
    `data:text/javascript,${encodeURIComponent(source)}`,
    { type: "module" },
  );
  const { promise, resolve } = Promise.withResolvers<unknown>();
  worker.onmessage = (event) => resolve(event.data);
  assertEquals(await within("the worker", promise), false);
  assertEquals(Reflect.deleteProperty(globalThis, name), true);
  worker.terminate();
});

Deno.test({
  name:
    "Python: two servers with SO_REUSEPORT share a port, with SO_REUSEADDR they do not",
  ignore: needsPython.ignore || Deno.build.os !== "linux",
  async fn() {
    const { code, stdout } = await runPython(`
import socket
for option in (socket.SO_REUSEPORT, socket.SO_REUSEADDR):
    first, second = socket.socket(), socket.socket()
    for s in (first, second): s.setsockopt(socket.SOL_SOCKET, option, 1)
    first.bind(("127.0.0.1", 0))
    first.listen()
    try:
        second.bind(first.getsockname())
        second.listen()
        print("shared")
    except OSError as error:
        print(error.errno)
`);
    assertEquals({ code, stdout }, { code: 0, stdout: "shared\n98\n" });
  },
});

Deno.test("the exercise serves one after the other, as long as nobody resets", async () => {
  await using exercise = startServer(EXERCISE);
  await assertServesInTurn(exercise);
});

Deno.test("a reset ends the exercise as it is", async () => {
  await using exercise = startServer(EXERCISE);
  const client = await connectResetting(await exercise.port());
  await client.write(new Uint8Array(10));
  await exercise.stdout.match(/Connected by/);
  await client.reset();
  const { code, stderr } = await exercise.ending();
  assertEquals(code, 1);
  assertMatch(stderr, /ConnectionReset|BrokenPipe/);
});
