import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { has, Program } from "../program.ts";
import { bytesOf, connect, exchange, startServer } from "./server_session.ts";

Deno.test("the server answers with its time in front, and writes down who said what", async () => {
  await using server = startServer();
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
  await using server = startServer();
  using client = await connect(server);
  const bytes = new Uint8Array(1024).map((_, index) => index); // 0 first.
  assertEquals((await exchange(client, bytes)).echo, bytes);
  for (const bad of [[0xe2, 0x82], [0xac], [0x80, 0xff], [0xed, 0xa0, 0x80]]) {
    const data = new Uint8Array(bad);
    assertEquals((await exchange(client, data)).echo, data);
  }
});

Deno.test("each byte that comes alone gets its own reply", async () => {
  await using server = startServer();
  using client = await connect(server);
  for (const byte of bytesOf("€: grüße\n")) {
    const data = new Uint8Array([byte]);
    assertEquals((await exchange(client, data)).echo, data);
  }
});

Deno.test("a long message is read in parts, each with a time of its own", async () => {
  await using server = startServer();
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
  await using server = startServer();
  using client = await connect(server);
  await client.write(bytesOf("1.5:one1.6:two"));
  await client.closeWrite();
  const reply = new TextDecoder().decode(
    await within("the reply", readAll(client)),
  );
  assertMatch(reply, /^\d+\.\d{6}:1\.5:one1\.6:two$/);
});

Deno.test("0xFF in front ends that client without a reply, and only that one", async () => {
  await using server = startServer();
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
  await using server = startServer();
  using client = await connect(server);
  await exchange(client, bytesOf("\x1b[2J\r\n\u202e\x00\u009b"));
  await server.stdout.match(/: \\x1b\[2J\\r\\n\\u202e\\x00\\x9b\n$/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} while it waits`, async () => {
    await using server = startServer();
    const port = await server.port();
    using client = await connect(server);
    await server.stdout.match(/Accepted/);
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\nServer stopped\n$/);
    assertEquals(await within("the end", client.read(new Uint8Array(1))), null);
    Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free again.
  });

  Deno.test(`the server ends on ${signal} while clients send all they can`, async () => {
    await using server = startServer();
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
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    await within("the writes to fail", Promise.all(ends));
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

for (
  const [args, line] of [
    [
      ["--port", "http"],
      '--port takes a whole number from 0 to 65535, not "http"\n',
    ],
    [["--prot", "5000"], "There is no flag --prot; see --help\n"],
    [["12345"], '"12345" is not a flag; see --help\n'],
  ] as const
) {
  Deno.test(`${args.join(" ")} gets one line and status 2`, async () => {
    await using server = startServer([...args]);
    assertEquals(await server.ending(), { code: 2, stdout: "", stderr: line });
  });
}

Deno.test("--help of the server lists its flags", async () => {
  await using server = startServer(["--help"]);
  const { code, stdout } = await server.ending();
  assertEquals(code, 0);
  for (const word of ["deno task timestamp-server", "--measure", "12345"]) {
    assertStringIncludes(stdout, word);
  }
});

Deno.test({
  name: "nc is answered, with the newline that it sends",
  ignore: !await has("nc"),
  async fn() {
    await using server = startServer();
    const port = String(await server.port());
    await using nc = new Program("nc", ["-N", "127.0.0.1", port]);
    await nc.type("hello\n");
    await nc.endInput();
    const { code, stdout, stderr } = await nc.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /^\d+\.\d{6}:hello\n$/);
    await server.stdout.match(/: hello\\n\n/);
  },
});

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

Deno.test({
  name: "a Python client is answered by our server",
  ignore: !await has("python3"),
  async fn() {
    await using server = startServer();
    await using client = new Program(
      "python3",
      ["-c", PYTHON_CLIENT, String(await server.port())],
      { env: { PYTHONIOENCODING: "utf-8" } },
    );
    const { code, stdout, stderr } = await client.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const three = String.raw`\d+\.\d+:\d+\.\d{6}:\d+\.\d+:`;
    assertMatch(
      stdout,
      new RegExp(
        `^${three}Hello\n${three}wörld\n${three}bye\nafter goodbye: b''\n$`,
      ),
    );
  },
});
