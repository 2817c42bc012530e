import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { has, Program, ROOT, startScript } from "../program.ts";

const SERVER = "lessons/01_echo/echo_server.ts";

/** Every byte value, and more than one buffer of the server's. */
const BYTES = new Uint8Array(5000).map((_, index) => index);

function startServer(args = ["--port", "0"]): Program {
  return startScript(SERVER, args);
}

async function connect(server: Program): Promise<Deno.TcpConn> {
  return await Deno.connect({ port: await server.port() });
}

Deno.test("the server sends everything that it owes after a half-close, and ends", async () => {
  await using server = startServer();
  using client = await connect(server);
  await writeAll(client, BYTES);
  await client.closeWrite();
  assertEquals(await within("the echo", readAll(client)), BYTES);

  const { code, stdout, stderr } = await server.ending();
  assertEquals(code, 0);
  assertEquals(stderr, "");
  const { port } = client.localAddr as Deno.NetAddr;
  assertEquals(
    stdout,
    `Listening on 127.0.0.1:${await server.port()}\n` +
      `Connected by 127.0.0.1:${port}\nClient disconnected\n`,
  );
});

Deno.test("the server echoes bytes that come one at a time", async () => {
  await using server = startServer();
  using client = await connect(server);
  client.setNoDelay();
  for (const byte of BYTES.subarray(0, 300)) {
    await client.write(new Uint8Array([byte]));
    const reply = readExactly(client, 1);
    assertEquals(await within("the byte", reply), new Uint8Array([byte]));
  }
});

Deno.test("the server waits for a client that sends 8 MB before it reads", async () => {
  await using server = startServer();
  using client = await connect(server);
  const bytes = new Uint8Array(8_000_000).map((_, index) => index % 251);
  let written = 0;
  const writing = (async () => {
    while (written < bytes.length) {
      written += await client.write(bytes.subarray(written));
    }
    await client.closeWrite();
  })();
  const echo = await within("the echo", readAll(client));
  await writing;
  assertEquals(echo.length, bytes.length);
  assertEquals(echo.every((byte, index) => byte === index % 251), true);
  assertEquals((await server.ending()).code, 0);
});

Deno.test("the server ends cleanly when the client resets, with the reason", async () => {
  await using server = startServer();
  const client = await connectResetting(await server.port());
  await client.write(BYTES);
  await server.stdout.match(/Connected by/);
  await client.reset();
  const { code, stdout, stderr } = await server.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /Client disconnected: it reset the connection\n$/);
  assertEquals(stderr, "");
});

Deno.test("the server ends cleanly when the client goes without reading 8 MB", async () => {
  await using server = startServer();
  const client = await connectResetting(await server.port());
  // Only what the systems of both sides have room for is taken.
  client.write(new Uint8Array(8_000_000));
  await server.stdout.match(/Connected by/);
  await client.reset();
  const { code, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} while it waits for a client`, async () => {
    await using server = startServer();
    const port = await server.port();
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, `Listening on 127.0.0.1:${port}\nServer stopped\n`);
    Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free again.
  });

  Deno.test(`the server ends on ${signal} in the middle of a write`, async () => {
    await using server = startServer();
    using client = await connect(server);
    // Nobody reads: sooner or later the server waits in its write, and so do we.
    const bytes = new Uint8Array(64 * 1024 * 1024);
    const writing = writeAll(client, bytes).catch(() => "broken off");
    await server.stdout.match(/Connected by/);
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(await within("the write to fail", writing), "broken off");
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
  assertMatch(stderr, new RegExp(`(ss|lsof|netstat) .*:${port}`));
  assertStringIncludes(stderr, "--port 0");
});

for (
  const [what, args, line] of [
    [
      "a port that is no number",
      ["--port", "http"],
      '--port takes a whole number from 0 to 65535, not "http"\n',
    ],
    [
      "a port out of range",
      ["--port", "70000"],
      '--port takes a whole number from 0 to 65535, not "70000"\n',
    ],
    [
      "an unknown flag",
      ["--prot", "5000"],
      "There is no flag --prot; see --help\n",
    ],
  ] as const
) {
  Deno.test(`${what} gets one line and status 2`, async () => {
    await using server = startServer([...args]);
    assertEquals(await server.ending(), { code: 2, stdout: "", stderr: line });
  });
}

Deno.test("--help lists the flags, with status 0", async () => {
  await using server = startServer(["--help"]);
  const { code, stdout } = await server.ending();
  assertEquals(code, 0);
  for (const word of ["deno task echo-server", "--host", "--port", "65432"]) {
    assertStringIncludes(stdout, word);
  }
});

Deno.test("an address of another machine gets one line and status 1", async () => {
  // From the block for documentation (RFC 5737): no machine has it.
  const args = [SERVER, "--host", "192.0.2.77", "--port", "0"];
  await using server = new Program(
    Deno.execPath(),
    ["run", "--no-prompt", "-N", ...args],
    { cwd: ROOT },
  );
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(
    stderr,
    /^192\.0\.2\.77 is not an address of this machine\. [^\n]*--host 127\.0\.0\.1[^\n]*\n$/,
  );
});

Deno.test("without permission the line says the command that grants it, and it does", async () => {
  const args = ["--port", "0"];
  await using denied = startScript(SERVER, args, []);
  const { code, stdout, stderr } = await denied.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  const command = stderr.match(
    /^Deno was not given net access to 127\.0\.0\.1:0\. Start it with: deno (.*)\n$/,
  )?.[1];
  assertEquals(command, `run --allow-net=127.0.0.1 ${SERVER} --port 0`);

  await using granted = new Program(
    Deno.execPath(),
    command?.split(" ") ?? [],
    { cwd: ROOT },
  );
  await granted.stdout.match(/^Listening on 127\.0\.0\.1:\d+\n/);
});

Deno.test({
  name: "nc gets back what it sends, byte for byte",
  ignore: !await has("nc"),
  async fn() {
    await using server = startServer();
    const port = await server.port();
    // -N: half-close at the end of the input.
    await using nc = new Program("nc", ["-N", "127.0.0.1", String(port)]);
    await nc.type("héllo\0\r\nwörld");
    await nc.endInput();
    assertEquals(await nc.ending(), {
      code: 0,
      stdout: "héllo\0\r\nwörld",
      stderr: "",
    });
  },
});

/** The client of the source texts, from the protocol: one recv for one send. */
const PYTHON_CLIENT = `
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    for text in ["hello", "w\\u00f6rld", "bye"]:
        s.sendall(text.encode())
        print("Received:", s.recv(4096).decode())
`;

/** The server of the source texts, from the protocol. */
const PYTHON_SERVER = `
import socket
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on", "%s:%d" % s.getsockname(), flush=True)
    conn, _ = s.accept()
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
`;

const python = await has("python3");

Deno.test({
  name: "a Python client is echoed by our server",
  ignore: !python,
  async fn() {
    await using server = startServer();
    await using client = new Program(
      "python3",
      ["-c", PYTHON_CLIENT, String(await server.port())],
      { env: { PYTHONIOENCODING: "utf-8" } },
    );
    assertEquals(await client.ending(), {
      code: 0,
      stdout: "Received: hello\nReceived: wörld\nReceived: bye\n",
      stderr: "",
    });
    assertMatch((await server.ending()).stdout, /Client disconnected\n$/);
  },
});

Deno.test({
  name: "our client is echoed by a Python server",
  ignore: !python,
  async fn() {
    await using server = new Program("python3", ["-c", PYTHON_SERVER]);
    const port = String(await server.port());
    await using client = startScript("lessons/01_echo/echo_client.ts", [
      "--port",
      port,
    ]);
    await client.type("hello\nwörld\n\n");
    const { code, stdout } = await client.ending();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Received: hello\n");
    assertStringIncludes(stdout, "Received: wörld\n");
  },
});
