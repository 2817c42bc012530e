import { assertEquals } from "@std/assert";
import { bytesOf, startServer, textOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { promisesOfServer } from "../promises.ts";
import type { Refused } from "../start_promises.ts";
import {
  ack,
  assertServes,
  connect,
  SERVER,
  type Session,
  timeless,
} from "./session.ts";

promisesOfServer({
  script: SERVER,
  port: 5004,
  ready: "[SERVER] Listening on 127.0.0.1:PORT",
  farewell: "[SERVER] Stopped",
  help: ["--idle-ms", "200"],
  refused: [
    ...["soon", "60001"].map((value): Refused => [
      ["--idle-ms", value],
      `--idle-ms takes a whole number from 0 to 60000, not "${value}"`,
    ]),
    [
      ["--idle-ms"],
      "--idle-ms takes a whole number from 0 to 60000, not nothing",
    ],
  ],
});

/** No line is cut in two while a test is slow; but text may wait. */
const PATIENT = ["--idle-ms", "60000"];

Deno.test("three lines in one segment get three acknowledgements, and a log", async () => {
  await using server = startServer(SERVER);
  using session = await connect(server);
  await session.send("one\ntwo\r\nthree\n");
  for (const text of ["one", "two", "three"]) {
    assertEquals(await session.line(), ack(text));
  }
  await session.conn.closeWrite();
  assertEquals(await session.line(), null);
  await server.stdout.match(/Disconnected/);
  server.kill("SIGINT");
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(
    timeless(stdout),
    `[SERVER] Listening on 127.0.0.1:${await server.port()}
[SERVER] @HH:MM:SS Connection from ${session.peer}
[SERVER] @HH:MM:SS Client: one
[SERVER] @HH:MM:SS Client: two
[SERVER] @HH:MM:SS Client: three
[SERVER] @HH:MM:SS Disconnected from ${session.peer}
[SERVER] Stopped
`,
  );
});

Deno.test("the time is the server's, in the log and in the acknowledgement", async () => {
  await using server = startServer(SERVER);
  using session = await connect(server);
  const clock = () => new Date().toTimeString().slice(0, 8);
  const before = clock();
  await session.send("when\n");
  const buffer = new Uint8Array(100);
  const count = await within("the answer", session.conn.read(buffer));
  const reply = textOf(buffer.subarray(0, count ?? 0));
  const after = clock();
  const time = reply.slice(6, 14);
  assertEquals(reply, `[ACK @${time}] when\n`);
  const between = before <= time && time <= after;
  const midnight = after < before;
  assertEquals(between || midnight, true, `${before} ${time} ${after}`);
  await server.stdout.match(new RegExp(`SERVER\\] @${time} Client: when\n`));
});

Deno.test("lines that come one byte at a time are put together", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  using session = await connect(server);
  for (const byte of bytesOf("grüße €\r\n\nbye\n")) {
    await session.send([byte]);
  }
  for (const text of ["grüße €", "", "bye"]) {
    assertEquals(await session.line(), ack(text));
  }
});

Deno.test("ten thousand lines at once get as many acknowledgements, in order", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  using session = await connect(server);
  const texts = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
  const sent = session.send(texts.join("\n") + "\n")
    .then(() => session.conn.closeWrite());
  assertEquals(await session.rest(), texts.map(ack));
  await sent;
});

Deno.test("text without its newline counts after a while, again and again", async () => {
  await using server = startServer(SERVER); // 200 ms unless told otherwise.
  using session = await connect(server);
  for (const text of ["hello", "I wait", "for each reply"]) {
    await session.send(text);
    assertEquals(await session.line(), ack(text));
  }
  // What comes after is read as usual. The newline alone is an empty message.
  await session.send("\nwhole\n");
  assertEquals(await session.line(), ack(""));
  assertEquals(await session.line(), ack("whole"));
});

Deno.test("only text without a newline waits: the lines before it do not", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  using session = await connect(server);
  await session.send("whole\nhal");
  assertEquals(await session.line(), ack("whole"));
  await session.send("f\n");
  assertEquals(await session.line(), ack("half"));
});

Deno.test("a line in two halves becomes two messages; with --idle-ms 0 it does not", async () => {
  await using patched = startServer(SERVER);
  await using strict = startServer(SERVER, "--idle-ms", "0");
  using cut = await connect(patched);
  using whole = await connect(strict);
  await whole.send("Good ");
  await cut.send("Good ");
  // The second half is sent when the first has been acknowledged.
  assertEquals(await cut.line(), ack("Good "));
  await cut.send("morning\n");
  assertEquals(await cut.line(), ack("morning"));
  await whole.send("morning\n");
  assertEquals(await whole.line(), ack("Good morning"));
});

Deno.test("a character cut in two by a pause is lost: each half becomes U+FFFD", async () => {
  await using server = startServer(SERVER);
  using session = await connect(server);
  await session.send([0x47, 0x72, 0xc3]);
  assertEquals(await session.line(), ack("Gr\ufffd"));
  await session.send([0xbc, 0x0a]);
  assertEquals(await session.line(), ack("\ufffd"));
});

for (
  const [flags, replies] of [
    [PATIENT, [ack("one"), ack("two")]],
    [["--idle-ms", "0"], [ack("one")]],
  ] as const
) {
  Deno.test(`at the end of the stream, text without its newline: ${flags.join(" ")}`, async () => {
    await using server = startServer(SERVER, ...flags);
    using session = await connect(server);
    await session.send("one\ntwo");
    await session.conn.closeWrite();
    assertEquals(await session.rest(), [...replies]);
    await assertServes(server);
  });
}

Deno.test("sessions at once do not mix, and none waits for another", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  using first = await connect(server);
  using second = await connect(server);
  await first.send("to");
  await second.send("bot");
  await first.send("p\n");
  assertEquals(await first.line(), ack("top"));
  await second.send("tom\n");
  assertEquals(await second.line(), ack("bottom"));
  await first.send("still here\n");
  assertEquals(await first.line(), ack("still here"));
});

Deno.test("300 silent clients keep nobody from being served", async () => {
  await using server = startServer(SERVER, ...PATIENT);
  const silent: Session[] = [];
  try {
    for (let count = 0; count < 300; count++) {
      silent.push(await connect(server));
      if (count % 2 === 0) await silent[count]?.send("half a li");
    }
    await assertServes(server);
    await silent[0]?.send("ne\n");
    assertEquals(await silent[0]?.line(), ack("half a line"));
  } finally {
    for (const session of silent) session[Symbol.dispose]();
  }
  await assertServes(server);
});

Deno.test("bytes that are not text, and those that a terminal would obey, stay harmless", async () => {
  await using server = startServer(SERVER);
  using session = await connect(server);
  await session.send([0xff, 0x00, 0x1b, 0x5b, 0x32, 0x4a, 0x0a]);
  assertEquals(await session.line(), ack("\ufffd\0\x1b[2J"));
  await server.stdout.match(/Client: \ufffd\\x00\\x1b\[2J\n/);
});
