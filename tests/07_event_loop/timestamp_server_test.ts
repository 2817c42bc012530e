import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf, connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { needsNc, needsPython, runNc, runPython } from "../peers.ts";
import { promisesOfServer } from "../promises.ts";
import { exchange, SERVER } from "./server_session.ts";

promisesOfServer({ script: SERVER, port: 12_345, help: ["--measure"] });

Deno.test("the server answers with its time in front, and writes down who said what", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  const before = Date.now();
  const hello = await exchange(client, bytesOf("hello"));
  const after = Date.now();
  assertMatch(hello.time, /^\d+\.\d{6}$/);
  const milliseconds = Number(hello.time) * 1000;
  assert(before <= milliseconds + 1 && milliseconds <= after + 1, hello.time);
  const umlaut = await exchange(client, bytesOf("grüße"));

  const name = formatAddress(client.localAddr);
  await server.stdout.match(/grüße\n/);
  server.kill("SIGINT");
  assertEquals(await server.ending(), {
    code: 0,
    stdout: `Listening on 127.0.0.1:${await server.port()}\n` +
      `Accepted connection from ${name}\n` +
      `[${name}] ${hello.time}: hello\n` +
      `[${name}] ${umlaut.time}: grüße\nServer stopped\n`,
    stderr: "",
  });
});

Deno.test("the bytes go back untouched, whatever they are", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  const bytes = new Uint8Array(1024).map((_, index) => index); // 0 first.
  assertEquals((await exchange(client, bytes)).echo, bytes);
  for (const bad of [[0xe2, 0x82], [0xac], [0x80, 0xff], [0xed, 0xa0, 0x80]]) {
    const data = new Uint8Array(bad);
    assertEquals((await exchange(client, data)).echo, data);
  }
});

Deno.test("each byte that comes alone gets its own reply", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  for (const byte of bytesOf("€: grüße\n")) {
    const data = new Uint8Array([byte]);
    assertEquals((await exchange(client, data)).echo, data);
  }
});

Deno.test("a long message is read in parts, each with a time of its own", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await writeAll(client, bytesOf("x".repeat(3000)));
  await client.closeWrite(); // All that is owed comes nevertheless.
  const replies = await within("the replies", readAll(client));
  const parts = new TextDecoder().decode(replies).split(/\d+\.\d{6}:/);
  assertEquals(parts.shift(), "");
  assertEquals(parts.join(""), "x".repeat(3000));
  assert(parts.length >= 3, `${parts.length} parts`);
  assert(parts.every((part) => part.length <= 1024));
});

Deno.test("two messages that come together get one reply", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await client.write(bytesOf("1.5:one1.6:two"));
  await client.closeWrite();
  const reply = new TextDecoder().decode(
    await within("the reply", readAll(client)),
  );
  assertMatch(reply, /^\d+\.\d{6}:1\.5:one1\.6:two$/);
});

Deno.test("0xFF in front ends that client without a reply, and only that one", async () => {
  await using server = startServer(SERVER);
  using other = await connect(server);
  for (const goodbye of [[0xff], [0xff, 104, 105], [0xff, 0, 0, 0]]) {
    using client = await connect(server);
    await client.write(new Uint8Array(goodbye));
    assertEquals(await within("the end", readAll(client)).then(String), "");
  }
  // Anywhere else it is a byte like any other.
  const data = new Uint8Array([104, 0xff, 0xff]);
  assertEquals((await exchange(other, data)).echo, data);
});

Deno.test("escape sequences of a client do not reach the terminal", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await exchange(client, bytesOf("\x1b[2J\r\n\u202e\x00\u009b"));
  await server.stdout.match(/: \\x1b\[2J\\r\\n\\u202e\\x00\\x9b\n$/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} while clients send all they can`, async () => {
    await using server = startServer(SERVER);
    using reading = await connect(server);
    using silent = await connect(server);
    const bytes = new Uint8Array(64 * 1024 * 1024);
    const ends = [
      writeAll(reading, bytes).catch(() => {}),
      readAll(reading).catch(() => {}),
      writeAll(silent, bytes).catch(() => {}),
    ];
    await server.stdout.match(/x00/);
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\nServer stopped\n$/);
    await within("the writes to fail", Promise.all(ends));
  });
}

Deno.test(
  "nc is answered, with the newline that it sends",
  needsNc,
  async () => {
    await using server = startServer(SERVER);
    const port = await server.port();
    const { code, stdout, stderr } = await runNc(port, "hello\n");
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /^\d+\.\d{6}:hello\n$/);
    await server.stdout.match(/: hello\\n\n/);
  },
);

/** A blocking client: one recv for each send, the goodbye byte at the end. */
const PYTHON_CLIENT = `
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", int(sys.argv[1])))
for text in ["Hello", "w\\u00f6rld", "bye"]:
    s.sendall(f"{time.time()}:{text}".encode())
    print(f"{time.time()}:{s.recv(1024).decode()}")
s.sendall(b"\\xff")
print("after goodbye:", s.recv(1024))
s.close()
`;

Deno.test(
  "a Python client is answered by our server",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    const port = await server.port();
    const { code, stdout, stderr } = await runPython(PYTHON_CLIENT, port);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const three = String.raw`\d+\.\d+:\d+\.\d{6}:\d+\.\d+:`;
    assertMatch(
      stdout,
      new RegExp(
        `^${three}Hello\n${three}wörld\n${three}bye\nafter goodbye: b''\n$`,
      ),
    );
  },
);
