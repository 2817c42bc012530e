import { assertEquals, assertMatch } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import {
  assertEchoed,
  assertEchoes,
  BYTES,
  promisesOfEcho,
} from "../echo_promises.ts";
import { connectResetting, type ResettingClient } from "../loopback.ts";
import { has, Program, ROOT } from "../program.ts";
import { promisesOfServer, type ServerDescription } from "../promises.ts";
import { promisesAtOnce } from "./at_once.ts";

const SERVER = "lessons/06_concurrent/concurrent_server.ts";

const CONCURRENT: ServerDescription = {
  script: SERVER,
  port: 5002,
  help: ["--broadcast"],
  refused: [[["--brodcast"], "There is no flag --brodcast; see --help"]],
};

promisesOfServer(CONCURRENT);
promisesOfEcho(CONCURRENT);
promisesAtOnce(CONCURRENT);

/** Matches when `word` has been printed so many times. */
function times(count: number, word: string): RegExp {
  return new RegExp(`^(?:(?:(?!${word})[^])*${word}){${count}}`);
}

Deno.test("clients are served in any order, all while all are connected", async () => {
  await using server = startServer(SERVER);
  const clients: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < 20; count++) {
      clients.push(await connect(server));
    }
    const numbered = [...clients.entries()];
    for (const order of [numbered, numbered.toReversed(), numbered]) {
      for (const [index, client] of order) {
        await assertEchoed(client, new Uint8Array([index, 0, 255, index]));
      }
    }
  } finally {
    for (const client of clients) client.close();
  }
});

Deno.test("what two clients send in pieces, in turns, comes back to each its own", async () => {
  await using server = startServer(SERVER);
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

Deno.test("the log says who came and who went", async () => {
  await using server = startServer(SERVER);
  const first = await connect(server);
  await assertEchoed(first, BYTES);
  const second = await connect(server);
  await assertEchoed(second, BYTES);
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
      (client: ResettingClient) => client.write(BYTES.subarray(0, 10)),
    ],
    [
      "without having read its 8 MB",
      (client: ResettingClient) => {
        // Never ends: only what both systems have room for is taken.
        client.write(new Uint8Array(8_000_000));
        return Promise.resolve();
      },
    ],
  ] as const
) {
  Deno.test(`a client that resets ${state} reaches nobody else`, async () => {
    await using server = startServer(SERVER);
    using other = await connect(server);
    await assertEchoed(other, BYTES);
    for (let count = 1; count <= 20; count++) {
      const client = await connectResetting(await server.port());
      await prepare(client);
      await server.stdout.match(times(count + 1, "Connected by"));
      await client.reset();
      await server.stdout.match(times(count, "disconnected"));
    }
    await assertEchoed(other, BYTES);
    await assertEchoes(server);
    assertMatch(
      server.stdout.text,
      /^127\.0\.0\.1:\d+ disconnected: it reset the connection$/m,
    );
    assertEquals(server.stderr.text, "");
  });
}

Deno.test({
  name: "clients that reset before they are accepted reach nobody",
  ignore: Deno.build.os === "windows", // It cannot stop a process for a while.
  async fn() {
    await using server = startServer(SERVER);
    using other = await connect(server);
    await assertEchoed(other, BYTES);
    const port = await server.port();
    server.kill("SIGSTOP"); // It accepts nobody; the system goes on connecting.
    for (let count = 0; count < 20; count++) {
      await (await connectResetting(port)).reset();
    }
    server.kill("SIGCONT");
    await assertEchoed(other, BYTES);
    await assertEchoes(server);
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
      await assertEchoed(served, BYTES);
      for (let count = 0; count < 100; count++) {
        clients.push(await connect(server));
      }
      await server.stdout.match(/Cannot accept: .*\n/);
      await assertEchoed(served, BYTES);
      assertEquals(server.stdout.text.split("Cannot accept").length, 2);
    } finally {
      for (const client of clients) client.close();
    }
    await assertEchoes(server);
    assertEquals(server.stderr.text, "");
  },
});
