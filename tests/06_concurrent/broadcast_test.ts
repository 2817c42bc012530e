import { assertEquals, assertMatch } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import type { Program } from "../program.ts";

function startRoom(): Program {
  return startServer(
    "lessons/06_concurrent/concurrent_server.ts",
    "--broadcast",
  );
}

/** Connects, and waits until the client is in the room. */
async function join(server: Program): Promise<Deno.TcpConn> {
  const conn = await connect(server);
  const address = formatAddress(conn.localAddr);
  await server.stdout.match(new RegExp(`Connected by ${address}\n`));
  return conn;
}

/** Waits until the client has left the room. */
async function left(server: Program, conn: Deno.TcpConn): Promise<string> {
  const address = formatAddress(conn.localAddr);
  const [line] = await server.stdout.match(
    new RegExp(`${address} disconnected.*\n`),
  );
  return line.slice(address.length + 1);
}

async function assertHears(
  conn: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  const heard = readExactly(conn, bytes.length);
  assertEquals(await within("what was sent to all", heard), bytes);
}

Deno.test("what one sends goes to all others, raw, and not back", async () => {
  await using server = startRoom();
  using first = await join(server);
  using second = await join(server);
  using third = await join(server);

  // Not UTF-8, a NUL, and what would clear a terminal.
  const bytes = new Uint8Array([255, 0, 0xc3, 27, 91, 50, 74, 13, 10]);
  await writeAll(first, bytes);
  await assertHears(second, bytes);
  await assertHears(third, bytes);
  await writeAll(second, new Uint8Array([2]));
  await assertHears(first, new Uint8Array([2])); // Its own would have been first.
  await assertHears(third, new Uint8Array([2]));
  assertMatch(
    server.stdout.text,
    /^Listening on \S+\n(Connected by \S+\n){3}$/, // Nothing of it in the log.
  );
});

Deno.test("bytes that come one at a time stay in order", async () => {
  await using server = startRoom();
  using first = await join(server);
  using second = await join(server);
  const bytes = new Uint8Array(300).map((_, index) => index);
  for (const byte of bytes) await writeAll(first, new Uint8Array([byte]));
  await assertHears(second, bytes);
});

Deno.test("one client that does not read is sent away, and the others miss nothing", async () => {
  await using server = startRoom();
  using stuck = await join(server);
  using sender = await join(server);
  using reader = await join(server);
  // The systems on both sides have room for some, then the queue fills.
  const bytes = new Uint8Array(65_536).map((_, index) => index % 251);
  let rounds = 0;
  while (!server.stdout.text.includes("disconnected")) {
    await within("the server to read", writeAll(sender, bytes));
    await assertHears(reader, bytes);
    assertEquals(++rounds < 1000, true, "64 MB, and it is still there");
  }
  assertEquals(
    await left(server, stuck),
    "disconnected: it does not read what it is sent\n",
  );
  await writeAll(reader, bytes);
  await assertHears(sender, bytes);
  assertEquals(server.stderr.text, "");
});

Deno.test("who stops sending gets what was sent before, and leaves", async () => {
  await using server = startRoom();
  using leaver = await join(server);
  using sender = await join(server);
  using other = await join(server);
  // Not more than the queue holds, wherever the system has no room.
  const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
  const writing = writeAll(sender, bytes);
  await assertHears(other, bytes);
  await writing;

  await leaver.closeWrite();
  assertEquals(await within("the rest", readAll(leaver)), bytes);
  assertEquals(await left(server, leaver), "disconnected\n");
  await writeAll(sender, new Uint8Array([1]));
  await assertHears(other, new Uint8Array([1]));
});

Deno.test("clients that reset, whatever they were doing, reach nobody else", async () => {
  await using server = startRoom();
  using first = await join(server);
  using second = await join(server);
  const port = await server.port();
  for (let count = 0; count < 10; count++) {
    const silent = await connectResetting(port);
    await silent.reset();

    const talking = await connectResetting(port);
    await talking.write(new Uint8Array([count]));
    await assertHears(first, new Uint8Array([count]));
    await assertHears(second, new Uint8Array([count]));
    await talking.reset();

    const spokenTo = await connectResetting(port);
    const bytes = new Uint8Array(100_000).fill(count);
    await writeAll(first, bytes);
    await spokenTo.reset();
    await assertHears(second, bytes);
  }
  await writeAll(second, new Uint8Array([7]));
  await assertHears(first, new Uint8Array([7]));
  assertEquals(server.stderr.text, "");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} with one client that does not read`, async () => {
    await using server = startRoom();
    using _stuck = await join(server);
    using sender = await join(server);
    await writeAll(sender, new Uint8Array(1_000_000));
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /Server stopped\n$/);
  });
}
