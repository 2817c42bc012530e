import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { has, Program, ROOT, startScript } from "../program.ts";

const SERVER = "lessons/06_concurrent/concurrent_server.ts";

/** Every byte value, and more than one buffer of the server's. */
const BYTES = new Uint8Array(5000).map((_, index) => index);

function startServer(args = ["--port", "0"]): Program {
  return startScript(SERVER, args);
}

async function connect(server: Program): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  return conn;
}

/** Sends `bytes` and waits for them. */
async function exchange(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  await writeAll(conn, bytes);
  const reply = readExactly(conn, bytes.length);
  assertEquals(await within("the echo", reply), bytes);
}

/** Matches when `word` has been printed so many times. */
function times(count: number, word: string): RegExp {
  return new RegExp(`^(?:(?:(?!${word})[^])*${word}){${count}}`);
}

/** Shows that the server still serves, with a client of its own. */
async function assertServes(server: Program): Promise<void> {
  using client = await connect(server);
  await writeAll(client, BYTES);
  await client.closeWrite();
  assertEquals(await within("the echo", readAll(client)), BYTES);
}

Deno.test("clients are served in any order, all while all are connected", async () => {
  await using server = startServer();
  const clients: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 20; count++) {
      clients.push(await connect(server));
    }
    const numbered = [...clients.entries()];
    for (const order of [numbered, numbered.toReversed(), numbered]) {
      for (const [index, client] of order) {
        await exchange(client, new Uint8Array([index, 0, 255, index]));
      }
    }
  } finally {
    for (const client of clients) client.close();
  }
});

Deno.test("what two clients send in pieces, in turns, comes back to each its own", async () => {
  await using server = startServer();
  using first = await connect(server);
  using second = await connect(server);
  for (let byte = 0; byte < 300; byte++) {
    // Both are under way before either has come back.
    await writeAll(first, new Uint8Array([byte]));
    await writeAll(second, new Uint8Array([255 - byte]));
    const replies = Promise.all([
      readExactly(first, 1),
      readExactly(second, 1),
    ]);
    assertEquals(await within("two bytes", replies), [
      new Uint8Array([byte]),
      new Uint8Array([255 - byte]),
    ]);
  }
});

Deno.test("300 clients that say nothing keep nobody waiting", async () => {
  await using server = startServer();
  const silent: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 300; count++) {
      silent.push(await connect(server));
    }
    await assertServes(server);
    await exchange(silent[150] as Deno.TcpConn, BYTES);
  } finally {
    for (const client of silent) client.close();
  }
});

Deno.test("a client that sends 8 MB and reads none of it holds up only itself", async () => {
  await using server = startServer();
  using stuck = await connect(server);
  const bytes = new Uint8Array(8_000_000).map((_, index) => index % 251);
  let written = 0;
  const writing = (async () => {
    while (written < bytes.length) {
      written += await stuck.write(bytes.subarray(written));
    }
    await stuck.closeWrite();
  })();
  await assertServes(server);
  const echo = await within("the echo", readAll(stuck)); // Now it reads.
  await writing;
  assertEquals(echo.length, bytes.length);
  assertEquals(echo.every((byte, index) => byte === index % 251), true);
});

Deno.test("the log says who came and who went", async () => {
  await using server = startServer();
  const first = await connect(server);
  await exchange(first, BYTES);
  const second = await connect(server);
  await exchange(second, BYTES);
  const [one, two] = [first, second].map((c) => formatAddress(c.localAddr));
  first.close();
  await server.stdout.match(new RegExp(`${one} disconnected\n`));
  second.close();
  await server.stdout.match(new RegExp(`${two} disconnected\n`));
  server.kill("SIGINT");
  assertEquals(await server.ending(), {
    code: 0,
    stdout: `Listening on 127.0.0.1:${await server.port()}\n` +
      `Connected by ${one}\nConnected by ${two}\n` +
      `${one} disconnected\n${two} disconnected\nServer stopped\n`,
    stderr: "",
  });
});

for (
  const [state, prepare] of [
    ["before it has said anything", () => Promise.resolve()],
    [
      "with a message on its way",
      (client: Resetting) => client.write(BYTES.subarray(0, 10)),
    ],
    [
      "without having read its 8 MB",
      (client: Resetting) => {
        // Never ends: only what both systems have room for is taken.
        client.write(new Uint8Array(8_000_000));
        return Promise.resolve();
      },
    ],
  ] as const
) {
  Deno.test(`a client that resets ${state} reaches nobody else`, async () => {
    await using server = startServer();
    using other = await connect(server);
    await exchange(other, BYTES);
    for (let count = 1; count <= 20; count++) {
      const client = await connectResetting(await server.port());
      await prepare(client);
      await server.stdout.match(times(count + 1, "Connected by"));
      await client.reset();
      await server.stdout.match(times(count, "disconnected"));
    }
    await exchange(other, BYTES);
    await assertServes(server);
    assertMatch(
      server.stdout.text,
      /^127\.0\.0\.1:\d+ disconnected: it reset the connection$/m,
    );
    assertEquals(server.stderr.text, "");
  });
}
type Resetting = Awaited<ReturnType<typeof connectResetting>>;

Deno.test({
  name: "clients that reset before they are accepted reach nobody",
  ignore: Deno.build.os === "windows", // It cannot stop a process for a while.
  async fn() {
    await using server = startServer();
    using other = await connect(server);
    await exchange(other, BYTES);
    const port = await server.port();
    server.kill("SIGSTOP"); // It accepts nobody; the system goes on connecting.
    for (let count = 0; count < 20; count++) {
      await (await connectResetting(port)).reset();
    }
    server.kill("SIGCONT");
    await exchange(other, BYTES);
    await assertServes(server);
    assertEquals(server.stderr.text, "");
  },
});

Deno.test({
  name: "no file left for another connection: it says so once, and goes on",
  ignore: Deno.build.os === "windows" || !await has("sh"),
  async fn() {
    await using server = new Program("sh", [
      "-c",
      'ulimit -n 64 && exec "$@"',
      "sh",
      Deno.execPath(),
      "run",
      "--no-prompt",
      "-N=127.0.0.1",
      SERVER,
      "--port",
      "0",
    ], { cwd: ROOT });
    const clients: Deno.TcpConn[] = [];
    try {
      using served = await connect(server);
      await exchange(served, BYTES);
      for (let count = 0; count < 100; count++) {
        clients.push(await connect(server));
      }
      await server.stdout.match(/Cannot accept: .*\n/);
      await exchange(served, BYTES);
      assertEquals(server.stdout.text.split("Cannot accept").length, 2);
    } finally {
      for (const client of clients) client.close();
    }
    await assertServes(server);
    assertEquals(server.stderr.text, "");
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} while it waits for a client`, async () => {
    await using server = startServer();
    const port = await server.port();
    server.kill(signal);
    assertEquals(await server.ending(), {
      code: 0,
      stdout: `Listening on 127.0.0.1:${port}\nServer stopped\n`,
      stderr: "",
    });
    Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free again.
  });

  Deno.test(`the server ends on ${signal} with silent clients and in the middle of a write`, async () => {
    await using server = startServer();
    using silent = await connect(server);
    using client = await connect(server);
    // Nobody reads: sooner or later the server waits in its write, and so do we.
    const bytes = new Uint8Array(64 * 1024 * 1024);
    const writing = writeAll(client, bytes).catch(() => "broken off");
    await server.stdout.match(times(2, "Connected by"));
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(await within("the write to fail", writing), "broken off");
    assertEquals(await within("the end", silent.read(new Uint8Array(1))), null);
  });
}

Deno.test("a port in use is named, with how to find who uses it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await using server = startServer(["--port", String(port)]);
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, /^[^\n]*\n$/); // One line.
  assertStringIncludes(stderr, `Port ${port} is in use by another program.`);
});

Deno.test("an unknown flag gets one line and status 2", async () => {
  await using server = startServer(["--brodcast"]);
  assertEquals(await server.ending(), {
    code: 2,
    stdout: "",
    stderr: "There is no flag --brodcast; see --help\n",
  });
});

Deno.test("--help lists the flags, with status 0", async () => {
  await using server = startServer(["--help"]);
  const { code, stdout } = await server.ending();
  assertEquals(code, 0);
  for (const word of ["deno task concurrent-server", "--broadcast", "5002"]) {
    assertStringIncludes(stdout, word);
  }
});
