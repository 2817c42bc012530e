/**
 * What the text of lesson 06 says, shown.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectedPair, connectResetting, readAll } from "../loopback.ts";
import { has, Program, ROOT, startScript } from "../program.ts";

const LESSON = "lessons/06_concurrent";

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

async function runPython(source: string) {
  await using program = new Program("python3", ["-c", source]);
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
  await using server = startScript(`${LESSON}/concurrent_server.ts`, [
    "--port",
    "0",
  ]);
  const args = ["--port", String(await server.port())];
  await using first = startScript("lessons/01_echo/echo_client.ts", args);
  await using second = startScript("lessons/01_echo/echo_client.ts", args);
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

const python = await has("python3");

Deno.test({
  name:
    "Python: a Lock cannot be taken twice, not even by the thread that has it",
  ignore: !python,
  async fn() {
    const { code, stdout, stderr } = await runPython(`
import threading
lock = threading.Lock()
def remove_client():
    got_it = lock.acquire(timeout=0.2) # The texts wait without a limit.
    print("taken a second time:", got_it)
with lock:
    remove_client()
`);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, "taken a second time: False\n");
  },
});

Deno.test({
  name:
    "Python: a lock held over a send keeps everybody out while one does not read",
  ignore: !python,
  async fn() {
    const { code, stdout, stderr } = await runPython(`
import socket, threading
lock = threading.Lock()
server_side, client_side = socket.socketpair()
sending = threading.Event()
def broadcast():
    with lock:
        sending.set()
        server_side.sendall(bytes(64 * 1024 * 1024)) # Nobody reads it.
threading.Thread(target=broadcast, daemon=True).start()
sending.wait()
print("another client may join:", lock.acquire(timeout=0.5))
`);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, "another client may join: False\n");
  },
});

Deno.test({
  name: "Python: an error that nobody catches ends its thread alone",
  ignore: !python,
  async fn() {
    const { code, stdout, stderr } = await runPython(`
import threading
def handle_client(): raise ConnectionResetError("one client")
thread = threading.Thread(target=handle_client)
thread.start()
thread.join()
print("still here")
`);
    assertEquals({ code, stdout }, { code: 0, stdout: "still here\n" });
    assertStringIncludes(stderr, "Traceback");
  },
});

Deno.test({
  name:
    "Python: two servers with SO_REUSEPORT share a port, with SO_REUSEADDR they do not",
  ignore: !python || Deno.build.os !== "linux",
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
  await using exercise = startScript(`${LESSON}/exercise.ts`, ["--port", "0"]);
  const port = await exercise.port();
  using first = await Deno.connect({ port });
  using second = await Deno.connect({ port });
  await writeAll(second, new Uint8Array([2]));
  await writeAll(first, new Uint8Array([1]));
  const reply = await within("the first echo", readExactly(first, 1));
  assertEquals(reply, new Uint8Array([1]));
  await first.closeWrite();
  assertEquals(await within("the end", readAll(first)), new Uint8Array());
  await second.closeWrite();
  assertEquals(await within("the echo", readAll(second)), new Uint8Array([2]));

  const [one, two] = [first, second].map((c) => formatAddress(c.localAddr));
  await exercise.stdout.match(
    new RegExp(
      `Connected by ${one}\n${one} disconnected\nConnected by ${two}\n${two} disconnected\n$`,
    ),
  );
});

Deno.test("a reset ends the exercise as it is", async () => {
  await using exercise = startScript(`${LESSON}/exercise.ts`, ["--port", "0"]);
  const client = await connectResetting(await exercise.port());
  await client.write(new Uint8Array(10));
  await exercise.stdout.match(/Connected by/);
  await client.reset();
  const { code, stderr } = await exercise.ending();
  assertEquals(code, 1);
  assertMatch(stderr, /ConnectionReset|BrokenPipe/);
});
