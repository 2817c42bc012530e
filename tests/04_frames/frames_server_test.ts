import { assertEquals, assertMatch } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { sha256 } from "../../lessons/04_frames/sha256.ts";
import { writeAll } from "../../lib/bytes.ts";
import { encodeFrame, readFrames } from "../../lib/frames.ts";
import { connect, replyTo, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import fc from "../fast_check.ts";
import { chunked, singleBytes } from "../lib/chunks.ts";
import { readAll } from "../loopback.ts";
import { needsNc, needsPython, runNc, runPython } from "../peers.ts";
import { promisesOfServer } from "../promises.ts";
import { assertServes, hashFrames, SERVER } from "./frames_served.ts";

const encoder = new TextEncoder();
const MIB = 1024 * 1024;

promisesOfServer({
  script: SERVER,
  port: 5007,
  help: ["--max-frame", "16777216"],
  refused: [[
    ["--max-frame", "16777217"],
    '--max-frame takes a whole number from 0 to 16777216, not "16777217"',
  ]],
});

Deno.test("each frame is answered with its hash, and the log tells all", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  const { port } = client.localAddr as Deno.NetAddr;
  await writeAll(client, encodeFrame(encoder.encode("abc")));
  await client.closeWrite();
  const hash =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(
    new TextDecoder().decode(await within("the reply", readAll(client))),
    `\0\0\0\x40${hash}`,
  );
  await server.stdout.match(/disconnected/);
  assertEquals(
    server.stdout.text,
    `Listening on 127.0.0.1:${await server.port()}\n` +
      `Connected by 127.0.0.1:${port}\n` +
      `[127.0.0.1:${port}] 3 bytes  ${hash}\n` +
      `Client disconnected: 127.0.0.1:${port}\n`,
  );
});

Deno.test("frames are answered the same at every split", async () => {
  await using server = startServer(SERVER);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 })
        .chain((payloads) =>
          fc.tuple(
            fc.constant(payloads),
            chunked(fc.constant(
              concat(
                payloads.map(encodeFrame) as Uint8Array<ArrayBuffer>[],
              ) as Uint8Array,
            )),
          )
        ),
      async ([payloads, { chunks }]) => {
        assertEquals(
          await replyTo(server, ...chunks),
          await hashFrames(...payloads),
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("newlines, NUL bytes and text that is none are only bytes", async () => {
  await using server = startServer(SERVER);
  const payload = new Uint8Array([0x0a, 0, 0xff, 0x0d, 0x0a, 0x1b, 0, 0, 0, 9]);
  const frame = encodeFrame(payload);
  const reply = await hashFrames(payload);
  assertEquals(await replyTo(server, ...singleBytes(frame)), reply);
  assertEquals(await replyTo(server, frame), reply);
});

Deno.test("frames of no bytes are answered, each", async () => {
  await using server = startServer(SERVER, "--max-frame", "0");
  const empty = new Uint8Array();
  assertEquals(
    await replyTo(server, new Uint8Array(12)),
    await hashFrames(empty, empty, empty),
  );
});

Deno.test("a frame of 16 MiB is served, one byte more is not read", async () => {
  await using server = startServer(SERVER);
  const largest = new Uint8Array(16 * MIB).map((_, index) => index % 251);
  assertEquals(
    await replyTo(server, encodeFrame(largest)),
    await hashFrames(largest),
  );

  const header = new Uint8Array([1, 0, 0, 1]);
  assertEquals(await replyTo(server, header), new Uint8Array());
  await server.stdout.match(/, its frame of 16777217 bytes is over 16777216\n/);
  await assertServes(server);
});

Deno.test("a frame that announces 4 GiB is refused before its payload comes", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await writeAll(client, new Uint8Array([0xff, 0xff, 0xff, 0xff]));
  assertEquals(await within("the end", readAll(client)), new Uint8Array());
  await server.stdout.match(/, its frame of 4294967295 bytes is over/);
  await assertServes(server);
});

Deno.test("--max-frame sets the limit, and frames before one over it are answered", async () => {
  await using server = startServer(SERVER, "--max-frame", "4");
  const four = encoder.encode("four");
  using client = await connect(server);
  await writeAll(client, encodeFrame(four));
  const replies = readFrames(client);
  assertEquals(
    (await within("the reply", replies.next())).value,
    encoder.encode(await sha256(four)),
  );
  await writeAll(client, new Uint8Array([0, 0, 0, 5]));
  assertEquals((await within("the end", replies.next())).done, true);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} in the middle of a frame`, async () => {
    await using server = startServer(SERVER);
    using client = await connect(server);
    await writeAll(client, new Uint8Array([0, 0, 0, 0, 0, 0, 0, 9, 1]));
    await server.stdout.match(/0 bytes/);
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\nServer stopped\n$/);
  });
}

/** From the protocol, with struct: a text, no bytes, and 2 MB of any bytes. */
const PYTHON_CLIENT = `
import hashlib, socket, struct, sys
def read_exactly(s, n):
    data = b""
    while len(data) < n:
        part = s.recv(n - len(data))
        if not part:
            sys.exit("closed early")
        data += part
    return data
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    for payload in [b"hello\\nworld", b"", bytes(range(256)) * 8000]:
        s.sendall(struct.pack("!I", len(payload)) + payload)
        (length,) = struct.unpack("!I", read_exactly(s, 4))
        reply = read_exactly(s, length).decode()
        print(length, reply == hashlib.sha256(payload).hexdigest())
`;

Deno.test(
  "a Python client with struct is answered by our server",
  needsPython,
  async () => {
    await using server = startServer(SERVER);
    assertEquals(await runPython(PYTHON_CLIENT, await server.port()), {
      code: 0,
      stdout: "64 True\n64 True\n64 True\n",
      stderr: "",
    });
  },
);

Deno.test("nc can send a frame too", needsNc, async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  const { code, stdout } = await runNc(port, "\0\0\0\x03abc");
  assertEquals(code, 0);
  assertEquals(
    stdout,
    "\0\0\0\x40ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
