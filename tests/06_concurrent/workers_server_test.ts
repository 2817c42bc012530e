import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { has, Program, ROOT, startScript } from "../program.ts";

const SERVER = "lessons/06_concurrent/workers_server.ts";
const FLAGS = ["-N=127.0.0.1", "-R=.", "--unstable-net"];

/** Every byte value, and more than one buffer of the server's. */
const BYTES = new Uint8Array(5000).map((_, index) => index);

// Elsewhere listeners do not share a port, and there is one worker.
const linux = Deno.build.os === "linux";
const WORKERS = linux ? "2" : "1";

function startServer(args: string[] = [], flags = FLAGS): Program {
  return startScript(
    SERVER,
    ["--port", "0", "--workers", WORKERS, ...args],
    flags,
  );
}

async function assertServes(port: number): Promise<void> {
  using client = await Deno.connect({ port });
  await writeAll(client, BYTES);
  await client.closeWrite();
  assertEquals(await within("the echo", readAll(client)), BYTES);
}

/** Connects clients until all of `programs` have printed what they have to. */
async function connectUntil(
  port: number,
  expected: [Program, string][],
): Promise<void> {
  for (let count = 0; count < 1000; count++) {
    await assertServes(port);
    if (expected.every(([{ stdout }, text]) => stdout.text.includes(text))) {
      return;
    }
  }
  throw new Error("1000 clients, and not everybody has got one");
}

Deno.test("the workers echo, each clients of its own", async () => {
  await using server = startServer();
  const port = await server.port();
  await assertServes(port);
  if (linux) {
    await connectUntil(port, [
      [server, "[worker 1] Connected by 127.0.0.1:"],
      [server, "[worker 2] Connected by 127.0.0.1:"],
    ]);
  }
  server.kill("SIGINT");
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(
    stdout,
    /^Listening on 127\.0\.0\.1:\d+, workers: [12]\n(\[worker [12]\] (Connected by 127\.0\.0\.1:\d+|127\.0\.0\.1:\d+ disconnected)\n)+Server stopped\n$/,
  );
});

Deno.test({
  name: "as many listeners as workers are there when the ready line comes",
  ignore: !linux,
  async fn() {
    await using server = startServer(["--workers", "5"]);
    const port = await server.port();
    const sockets = await Deno.readTextFile("/proc/net/tcp");
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    const listening = new RegExp(`: 0100007F:${hex} 00000000:0000 0A `, "g");
    assertEquals(sockets.match(listening)?.length, 5);
    await server.stdout.match(/, workers: 5\n/);
  },
});

Deno.test("300 clients that say nothing keep nobody waiting", async () => {
  await using server = startServer();
  const port = await server.port();
  const silent: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 300; count++) {
      silent.push(await Deno.connect({ port }));
    }
    for (let count = 0; count < 10; count++) await assertServes(port);
  } finally {
    for (const client of silent) client.close();
  }
});

Deno.test("clients that reset reach nobody else", async () => {
  await using server = startServer();
  const port = await server.port();
  using other = await Deno.connect({ port });
  for (let count = 0; count < 10; count++) {
    await (await connectResetting(port)).reset();
    const talking = await connectResetting(port);
    await talking.write(BYTES);
    await talking.reset();
    const stuck = await connectResetting(port);
    stuck.write(new Uint8Array(8_000_000)); // Only a part is taken.
    await assertServes(port);
    await stuck.reset();
  }
  await writeAll(other, BYTES);
  const reply = readExactly(other, BYTES.length);
  assertEquals(await within("the echo", reply), BYTES);
  assertEquals(server.stderr.text, "");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends it and all its workers`, async () => {
    await using server = startServer();
    const port = await server.port();
    server.kill(signal);
    assertEquals(await server.ending(), {
      code: 0,
      stdout: `Listening on 127.0.0.1:${port}, workers: ${WORKERS}\n` +
        "Server stopped\n",
      stderr: "",
    });
    Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free again.
  });

  Deno.test(`${signal} ends it while its workers are writing`, async () => {
    await using server = startServer();
    const port = await server.port();
    using client = await Deno.connect({ port });
    const bytes = new Uint8Array(64 * 1024 * 1024);
    const writing = writeAll(client, bytes).catch(() => "broken off");
    await server.stdout.match(/Connected by/);
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(await within("the write to fail", writing), "broken off");
  });
}

Deno.test({
  name: "two of them share a port and nobody says so",
  ignore: !linux,
  async fn() {
    await using first = startServer();
    const port = await first.port();
    await using second = startServer(["--port", String(port)]);
    assertEquals(await second.port(), port);
    assertEquals(second.stderr.text, "");
    await connectUntil(port, [[first, "Connected"], [second, "Connected"]]);

    second.kill("SIGINT");
    await second.ending();
    for (let count = 0; count < 10; count++) await assertServes(port);
  },
});

Deno.test("a port that a program has for itself gets one line and status 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await using server = startServer(["--port", String(port)]);
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, /^[^\n]*\n$/);
  assertStringIncludes(stderr, `Port ${port} is in use by another program.`);
});

for (
  const [what, flags, missing] of [
    [
      "--unstable-net",
      ["-N", "-R"],
      "--unstable-net (workers share a port)",
    ],
    ["-R", ["-N", "--unstable-net"], "-R (workers read their own program)"],
    ["-N", ["-R", "--unstable-net"], "-N (it uses the network)"],
    [
      "any of Deno's flags",
      [],
      "--unstable-net (workers share a port) and -N (it uses the network) " +
      "and -R (workers read their own program)",
    ],
  ] as const
) {
  Deno.test(`without ${what} it says so in one line, with status 1`, async () => {
    await using server = startServer([], [...flags]);
    assertEquals(await server.ending(), {
      code: 1,
      stdout: "",
      stderr: `Deno was started without ${missing}. ` +
        "Start it with: deno task workers-server\n",
    });
  });
}

for (
  const [what, args, code, line] of [
    [
      "no worker",
      ["--workers", "0"],
      2,
      '--workers takes a whole number from 1 to 256, not "0"\n',
    ],
    [
      "an unknown flag",
      ["--worker", "2"],
      2,
      "There is no flag --worker; see --help\n",
    ],
    [
      "a host that cannot exist",
      ["--host", "a..b"],
      1,
      '"a..b" is neither an address nor a name. Check --host\n',
    ],
    [
      "an address of another machine",
      ["--host", "192.0.2.77"],
      1,
      "192.0.2.77 is not an address of this machine. Take --host 127.0.0.1 " +
      "(this machine alone) or --host 0.0.0.0 (everybody)\n",
    ],
  ] as const
) {
  Deno.test(`${what} gets one line and status ${code}`, async () => {
    await using server = startServer([...args], ["-N", "-R", "--unstable-net"]);
    assertEquals(await server.ending(), { code, stdout: "", stderr: line });
  });
}

Deno.test("it runs from a URL, with its workers, and says how", async () => {
  await using serve = startScript(
    "tools/serve.ts",
    ["--host", "127.0.0.1", "--port", "0"],
    [
      "--allow-net",
      "--allow-sys=networkInterfaces",
      "--allow-read",
      "--allow-run",
      "--allow-env",
    ],
  );
  const url = `http://127.0.0.1:${await serve.port()}/${SERVER}`;
  const cache = await Deno.makeTempDir();
  try {
    const options = {
      cwd: cache,
      env: {
        DENO_DIR: cache,
        // Nobody answers at port 9: JSR and npm are out of reach.
        JSR_URL: "http://127.0.0.1:9/",
        NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
      },
    };
    const args = ["run", "--no-prompt", "--quiet"];
    await using wrong = new Program(
      Deno.execPath(),
      [...args, "-N=127.0.0.1", url],
      options,
    );
    const { code, stderr } = await wrong.ending();
    assertEquals(code, 1);
    assertEquals(
      stderr,
      "Deno was started without --unstable-net (workers share a port). " +
        `Start it with: deno run -N --unstable-net ${url}\n`,
    );

    await using server = new Program(
      Deno.execPath(),
      [...args, "-N=127.0.0.1", "--unstable-net", url, "--port", "0"],
      options,
    );
    await assertServes(await server.port());
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test({
  name: "nc gets back what it sends, byte for byte",
  ignore: !await has("nc"),
  async fn() {
    await using server = startServer();
    const port = String(await server.port());
    const options = { cwd: ROOT };
    await using nc = new Program("nc", ["-N", "127.0.0.1", port], options);
    await nc.type("héllo\0\r\nwörld");
    await nc.endInput();
    const { stdout } = await nc.ending();
    assertEquals(stdout, "héllo\0\r\nwörld");
  },
});
