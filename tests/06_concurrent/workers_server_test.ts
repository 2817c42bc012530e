import { assertEquals, assertMatch } from "@std/assert";
import { connect } from "../conversation.ts";
import {
  assertEchoed,
  assertEchoes,
  BYTES,
  promisesOfEcho,
} from "../echo_promises.ts";
import { connectResetting } from "../loopback.ts";
import { Program, startScript } from "../program.ts";
import { promisesOfServer, type ServerDescription } from "../promises.ts";
import { assertRefuses, start } from "../start_promises.ts";
import { promisesAtOnce } from "./at_once.ts";

const SERVER = "lessons/06_concurrent/workers_server.ts";

// Elsewhere listeners do not share a port, and there is one worker.
const linux = Deno.build.os === "linux";
const COUNT = linux ? "2" : "1";

const WORKERS: ServerDescription = {
  script: SERVER,
  port: 5008,
  permissions: ["-R=.", "--unstable-net"],
  args: ["--workers", COUNT],
  ready: `Listening on 127.0.0.1:PORT, workers: ${COUNT}`,
  sharesPort: true,
  denied: "Deno was started without -N (it uses the network). " +
    "Start it with: deno task workers-server",
  help: ["--workers N"],
  refused: [
    [
      ["--workers", "0"],
      '--workers takes a whole number from 1 to 256, not "0"',
    ],
    [["--worker", "2"], "There is no flag --worker; see --help"],
  ],
};

promisesOfServer(WORKERS);
promisesOfEcho(WORKERS);
promisesAtOnce(WORKERS);

/** Connects clients until all of `programs` have printed what they have to. */
async function connectUntil(
  server: Program,
  expected: [Program, string][],
): Promise<void> {
  for (let count = 0; count < 1000; count++) {
    await assertEchoes(server);
    if (expected.every(([{ stdout }, text]) => stdout.text.includes(text))) {
      return;
    }
  }
  throw new Error("1000 clients, and not everybody has got one");
}

Deno.test("the workers echo, each clients of its own", async () => {
  await using server = start(WORKERS, 0);
  await assertEchoes(server);
  if (linux) {
    await connectUntil(server, [
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
    await using server = start(WORKERS, 0, ["--workers", "5"]);
    const port = await server.port();
    const sockets = await Deno.readTextFile("/proc/net/tcp");
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    const listening = new RegExp(`: 0100007F:${hex} 00000000:0000 0A `, "g");
    assertEquals(sockets.match(listening)?.length, 5);
    await server.stdout.match(/, workers: 5\n/);
  },
});

Deno.test("clients that reset reach nobody else", async () => {
  await using server = start(WORKERS, 0);
  const port = await server.port();
  using other = await connect(server);
  for (let count = 0; count < 10; count++) {
    await (await connectResetting(port)).reset();
    const talking = await connectResetting(port);
    await talking.write(BYTES);
    await talking.reset();
    const stuck = await connectResetting(port);
    stuck.write(new Uint8Array(8_000_000)); // Only a part is taken.
    await assertEchoes(server);
    await stuck.reset();
  }
  await assertEchoed(other, BYTES);
  assertEquals(server.stderr.text, "");
});

Deno.test({
  name: "two of them share a port and nobody says so",
  ignore: !linux,
  async fn() {
    await using first = start(WORKERS, 0);
    const port = await first.port();
    await using second = start(WORKERS, port);
    assertEquals(await second.port(), port);
    assertEquals(second.stderr.text, "");
    await connectUntil(first, [[first, "Connected"], [second, "Connected"]]);

    second.kill("SIGINT");
    await second.ending();
    for (let count = 0; count < 10; count++) await assertEchoes(first);
  },
});

for (
  const [what, flags, missing] of [
    [
      "--unstable-net",
      ["-N", "-R"],
      "--unstable-net (workers share a port)",
    ],
    ["-R", ["-N", "--unstable-net"], "-R (workers read their own program)"],
    [
      "any of Deno's flags",
      [],
      "--unstable-net (workers share a port) and -N (it uses the network) " +
      "and -R (workers read their own program)",
    ],
  ] as const
) {
  Deno.test(`without ${what} it says so in one line, with status 1`, async () => {
    const line = `Deno was started without ${missing}. ` +
      "Start it with: deno task workers-server";
    await assertRefuses(
      startScript(SERVER, ["--port", "0"], [...flags]),
      1,
      line,
    );
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
    const args = ["run", "--no-prompt", "--quiet", "-N=127.0.0.1"];
    const run = (...words: string[]) =>
      new Program(Deno.execPath(), [...args, ...words], options);
    await assertRefuses(
      run(url),
      1,
      "Deno was started without --unstable-net (workers share a port). " +
        `Start it with: deno run -N --unstable-net ${url}`,
    );
    await using server = run("--unstable-net", url, "--port", "0");
    await assertEchoes(server);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});
