/**
 * What the text of lesson 07 says, shown.
 *
 * @module
 */
import { constants } from "node:os";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { acceptClient, startClient, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectedPair, readAll } from "../loopback.ts";
import { needsPython, runPython } from "../peers.ts";
import { Program, ROOT } from "../program.ts";

const SERVER = "lessons/07_event_loop/timestamp_server.ts";
const CLIENT = "lessons/07_event_loop/timestamp_client.ts";

Deno.test({
  name: "Deno waits with epoll on Linux",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = startServer(SERVER);
    await server.port();
    const folder = `/proc/${server.pid}/fd`;
    const links: string[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      links.push(await Deno.readLink(`${folder}/${name}`).catch(() => ""));
    }
    assert(links.some((link) => link.includes("eventpoll")), links.join());
  },
});

Deno.test("Promise.race leaves something with a silent client each turn, the ready list does not", async () => {
  // How the memory in use grows from 10 000 turns to 30 000.
  const script = `
    import { connectedPair } from "${new URL("tests/loopback.ts", ROOT)}";
    import { loopWithRace, loopWithReadyList } from "${new URL(
    "lessons/07_event_loop/measure.ts",
    ROOT,
  )}";
    for (const makeLoop of [loopWithReadyList, loopWithRace]) {
      using silent = await connectedPair();
      using talking = await connectedPair();
      const loop = makeLoop([silent.server, talking.server]);
      const byte = new Uint8Array(1);
      const sizes = [];
      for (let turn = 0; turn <= 30_000; turn++) {
        await talking.client.write(byte);
        await loop(1);
        if (turn % 10_000 === 0) {
          gc();
          sizes.push(Deno.memoryUsage().heapUsed);
        }
      }
      console.log(sizes[3] - sizes[1]);
    }`;
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, script);
    await using program = new Program(Deno.execPath(), [
      "run",
      "--no-prompt",
      "--no-check",
      "-N=127.0.0.1",
      "--v8-flags=--expose-gc",
      path,
    ], { cwd: ROOT });
    const { stdout, stderr } = await program.ending();
    const [list = NaN, race = NaN] = stdout.trim().split("\n").map(Number);
    // Some 350 bytes for each turn: 7 MB. The list: nothing, give or take.
    assert(race > 2_000_000, `${stdout}${stderr}`);
    assert(list < 1_000_000, `${stdout}${stderr}`);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("the one-way figures are nonsense when the server's clock is an hour slow, their sum is right", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using client = startClient(CLIENT, listener.addr.port);
  using conn = await within("the client", listener.accept());
  await client.type("hello\n");
  const sent = await within("the message", readExactly(conn, 23));
  const slow = (Date.now() / 1000 - 3600).toFixed(6);
  await writeAll(conn, new TextEncoder().encode(`${slow}:`));
  await writeAll(conn, sent);
  const [, roundTrip, there, back] = await client.stdout.match(
    /Round trip: (\S+) ms\nThere (\S+) ms, back (\S+) ms/,
  );
  const hour = 3_600_000;
  // Each of them is off by the hour. No claim how long the rest takes.
  assert(Number(there) < -hour + 20_000, there);
  assert(Number(back) > hour - 20_000, back);
  const sum = Number(there) + Number(back);
  assert(sum >= 0 && sum < 20_000, `${sum}`);
  assert(Number(roundTrip) > 0 && Number(roundTrip) < 20_000, roundTrip);
});

Deno.test({
  name:
    "the system takes a message for a server that sleeps, which reads it later",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = startServer(SERVER);
    const port = await server.port();
    server.kill("SIGSTOP");
    await using client = startClient(CLIENT, port, "--timeout", "0.3");
    await client.type("hello\n");
    const { code, stderr } = await client.ending();
    assertEquals(code, 1);
    assertEquals(stderr, "Server did not respond in time\n");
    server.kill("SIGCONT");
    const [, late = "", sent = ""] = await server.stdout.match(
      /\] (\S+): (\S+):hello\n/,
    );
    assert(Number(late) - Number(sent) > 0.2, `${late} ${sent}`);
  },
});

Deno.test("a client hears of the end of its server when it sends again", async () => {
  await using server = startServer(SERVER);
  await using client = startClient(CLIENT, await server.port());
  await client.stdout.match(/> $/);
  await server.stdout.match(/Accepted/);
  server.kill("SIGINT");
  await server.ending();
  await client.type("hello\n");
  const { code, stdout } = await client.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /> Server closed connection\n$/);
});

Deno.test("UTF-8 text never contains the byte 0xFF", () => {
  const bytes = new Set<number>();
  const encoder = new TextEncoder();
  for (let code = 0; code <= 0x10ffff; code += 4096) {
    const codes = Array.from({ length: 4096 }, (_, index) => code + index);
    const text = String.fromCodePoint(...codes);
    for (const byte of encoder.encode(text)) bytes.add(byte);
  }
  assertEquals(bytes.size > 200, true);
  assertEquals(bytes.has(0xff), false);
});

Deno.test("a socket takes bytes and no text", async () => {
  using pair = await connectedPair();
  const text = "Hello" as unknown as Uint8Array<ArrayBuffer>;
  await assertRejects(
    () => pair.client.write(text),
    TypeError,
    "expected typed ArrayBufferView",
  );
});

Deno.test("one read returns the beginning of a long message, the next ones the rest", async () => {
  using pair = await connectedPair();
  await writeAll(pair.client, new Uint8Array(5000));
  await pair.client.closeWrite();
  const count = await pair.server.read(new Uint8Array(1024));
  assertEquals(count !== null && count <= 1024, true);
  const rest = await within("the rest", readAll(pair.server));
  assertEquals(rest.length, 5000 - (count ?? 0));
});

Deno.test({
  name:
    "a port is in the way for a while where the server closed first, without SO_REUSEADDR",
  ignore: needsPython.ignore || Deno.build.os !== "linux",
  async fn() {
    const { stdout } = await runPython(`
import errno, socket
for first in "server", "client":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname())
    conn, _ = listener.accept()
    pair = [conn, client] if first == "server" else [client, conn]
    pair[0].close()
    pair[1].recv(1)
    pair[1].close()
    address = listener.getsockname()
    listener.close()
    try:
        socket.socket().bind(address)
        print(first, "free")
    except OSError as error:
        print(first, errno.errorcode[error.errno], error.errno)
`);
    assertEquals(stdout, "server EADDRINUSE 98\nclient free\n");

    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const client = await Deno.connect({ port });
    const conn = await listener.accept();
    conn.close(); // The server closes first.
    assertEquals(await client.read(new Uint8Array(1)), null);
    client.close();
    listener.close();
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  },
});

Deno.test("the numbers of errors in the lesson's table are those of this system", async () => {
  const page = await Deno.readTextFile(
    new URL("lessons/07_event_loop/README.md", ROOT),
  );
  const column = ["linux", "darwin"].indexOf(Deno.build.os);
  if (column === -1) return;
  for (
    const [name, number] of [
      ["ConnectionRefused", constants.errno.ECONNREFUSED],
      ["AddrInUse", constants.errno.EADDRINUSE],
      ["ConnectionReset", constants.errno.ECONNRESET],
      ["NetworkUnreachable", constants.errno.ENETUNREACH],
    ] as const
  ) {
    const row = page.match(new RegExp(`^\\| .${name}.(.*)$`, "m"))?.[1] ?? "";
    const cells = row.split("|").map((cell) => cell.trim());
    assertEquals(cells[2 + column], String(number), name);
  }
});

Deno.test("the exercise runs: it connects, sends nothing, and leaves", async () => {
  const script = "lessons/07_event_loop/exercise.ts";
  await using session = await acceptClient((port) => startClient(script, port));
  const { client: exercise, conn, port } = session;
  await exercise.type("one\n\nlast");
  await exercise.endInput();
  assertEquals((await within("the end", readAll(conn))).length, 0);
  assertEquals(await exercise.ending(), {
    code: 0,
    stdout: "",
    stderr: `Connected to 127.0.0.1:${port}\n` +
      "To send: 21 bytes\nTo send: 18 bytes\nTo send: 22 bytes\n",
  });
});
