import { assert, assertEquals, assertMatch } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf, startClient } from "../conversation.ts";
import { needsPython, startPython } from "../peers.ts";
import {
  assertGoodbye,
  CLIENT,
  INTRODUCTION,
  startSession,
} from "./client_session.ts";

Deno.test("the client sends the line with its time, prints the three times and the round trip", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  const before = Date.now() / 1000;
  const sent = await session.receive("grüße: 1");
  assertMatch(sent, /^\d{10}\.\d{6}:grüße: 1$/);
  await writeAll(conn, bytesOf(`1700000000.5:${sent}`));
  await client.stdout.match(/same\n> $/);
  const after = Date.now() / 1000;
  await client.type("\n");
  const { code, stdout, stderr } = await client.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(stdout.slice(0, INTRODUCTION.length), INTRODUCTION);
  const [, receiveTime, sendTime, roundTrip] = stdout
    .slice(INTRODUCTION.length).match(
      /^(\d+\.\d{6}):1700000000\.5:(\d+\.\d{6}):grüße: 1\nRound trip: (\d+\.\d{3}) ms\nThere -?\d+\.\d{3} ms, back -?\d+\.\d{3} ms, but only if both clocks show the same\n> Exiting\.\.\.\n$/,
    ) ?? [];
  assertEquals(sent.split(":")[0], sendTime, stdout);
  assert(before - 0.001 <= Number(sendTime), stdout);
  assert(Number(sendTime) <= Number(receiveTime), stdout);
  assert(Number(receiveTime) <= after + 0.001, stdout);
  assert(Number(roundTrip) > 0, stdout);
  await assertGoodbye(conn);
});

Deno.test("replies in pieces do not put the client out of step", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  for (const [line, size] of [["€", 1], ["a:b", 2], ["third", 7]] as const) {
    const reply = bytesOf(`1700000000.25:${await session.receive(line)}`);
    for (let i = 0; i < reply.length; i += size) {
      await writeAll(conn, reply.subarray(i, i + size));
    }
    await client.stdout.match(
      new RegExp(`:1700000000\\.25:\\d+\\.\\d{6}:${line}\n`),
    );
  }
});

Deno.test("a time that comes with the reply before belongs to the next reply", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  const first = await session.receive("first");
  await writeAll(conn, bytesOf(`1.5:${first}1700000000.`));
  await client.stdout.match(/:1\.5:\d+\.\d{6}:first\n/);
  const second = await session.receive("second");
  await writeAll(conn, bytesOf(`75:${second}`));
  await client.stdout.match(/:1700000000\.75:\d+\.\d{6}:second\n/);
});

Deno.test("a message over 1000 bytes is not sent, one of 1000 is", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  await client.type("€".repeat(334) + "\n"); // 1002 bytes.
  await client.stdout.match(/> Message is longer than 1000 bytes: not sent\n/);
  const line = "€".repeat(333) + "x";
  const sent = await session.receive(line);
  assertMatch(sent, new RegExp(`^\\d+\\.\\d{6}:${line}$`));
  await writeAll(conn, bytesOf(`5:${sent}`));
  await client.stdout.match(/Round trip/);
});

for (
  const [what, reply, shown] of [
    [
      "of another protocol",
      "\x1b[2Jwelcome\n",
      String.raw`\\x1b\[2Jwelcome\\n`,
    ],
    ["without a time", ":", ":"],
    ["without an end of the time", "1".repeat(200), "1{33,51}"],
    ["that echoes something else", "1.5:0.0", "1\\.5:0\\.0"],
  ] as const
) {
  Deno.test(`a reply ${what} ends the client in one line`, async () => {
    await using session = await startSession();
    const { client, conn } = session;
    await session.receive("hello");
    await writeAll(conn, bytesOf(reply));
    const { code, stderr } = await client.ending();
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`^Unexpected reply: ${shown}\n$`));
  });
}

Deno.test("an echo without a time is not taken for a reply", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  const sent = await session.receive("hello");
  await writeAll(conn, bytesOf(sent));
  const { code, stderr } = await client.ending();
  assertEquals({ code, stderr }, {
    code: 1,
    stderr: `Unexpected reply: ${sent}\n`,
  });
});

Deno.test("a message that is answered in two parts ends the client in one line", async () => {
  await using session = await startSession();
  const { client, conn } = session;
  const sent = await session.receive("hello");
  // The server has read it in two parts: two replies, each with its time.
  await writeAll(conn, bytesOf(`7.5:${sent.slice(0, 20)}`));
  await writeAll(conn, bytesOf(`7.6:${sent.slice(20)}`));
  const { code, stderr } = await client.ending();
  assertEquals(code, 1);
  assertMatch(stderr, /^Unexpected reply: 7\.5:\d+\.\d{6}:he7[^\n]*\n$/);
});

/** A server around select(), from the protocol. */
const PYTHON_SERVER = `
import select, socket, time
listener = socket.create_server(("127.0.0.1", 0))
print("Listening on", "%s:%d" % listener.getsockname())
rfds = [listener]
while True:
    rlist, _, _ = select.select(rfds, [], [])
    for sock in rlist:
        if sock is listener:
            rfds.append(listener.accept()[0])
            continue
        data = sock.recv(1024)
        if not data or data.startswith(b"\\xff"):
            print("goodbye" if data else "end")
            rfds.remove(sock)
            sock.close()
        else:
            sock.sendall(f"{time.time()}:{data.decode()}".encode())
`;

Deno.test(
  "two of our clients are answered by a Python server",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    const port = await server.port();
    await using other = startClient(CLIENT, port);
    await other.stdout.match(/> $/);
    await using client = startClient(CLIENT, port);
    const three = String.raw`\d+\.\d{6}:\d+\.\d+:\d+\.\d{6}:`;
    for (const line of ["hello", "wörld", "x".repeat(1000)]) {
      await client.type(`${line}\n`);
      await client.stdout.match(new RegExp(`> ${three}${line}\nRound trip`));
    }
    await other.type("me too\n");
    await other.stdout.match(new RegExp(`> ${three}me too\n`));
    await client.type("\n");
    assertEquals((await client.ending()).code, 0);
    await server.stdout.match(/goodbye\n/);
  },
);
