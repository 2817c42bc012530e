import { assertEquals, assertMatch } from "@std/assert";
import { sha256 } from "../../lessons/04_frames/sha256.ts";
import { writeAll } from "../../lib/bytes.ts";
import { encodeFrame } from "../../lib/frames.ts";
import { startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { needsPython, startPython } from "../peers.ts";
import { ROOT } from "../program.ts";
import { promisesOfClient } from "../promises.ts";
import {
  makeFolder,
  PICTURE,
  SCRIPT,
  startClient,
  startSession,
} from "./frames_sent.ts";
import { SERVER } from "./frames_served.ts";

promisesOfClient({
  script: SCRIPT,
  port: 5007,
  server: "deno task frames-server",
  permissions: ["-R"],
  words: "[FILE...]",
});

const encoder = new TextEncoder();

Deno.test("standard input goes as one frame, its name is -", async () => {
  await using server = startServer(SERVER);
  await using client = startClient(await server.port());
  await client.type("abc");
  await client.endInput();
  assertEquals(await client.ending(), {
    code: 0,
    stdout:
      "-  3 bytes  ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
    stderr: "",
  });
});

Deno.test("a file is one frame, and nothing is sent after it", async () => {
  await using session = await startSession(PICTURE);
  const { client, conn, frames } = session;
  const { value } = await within("the frame", frames.next());
  assertEquals(value, await Deno.readFile(new URL(PICTURE, ROOT)));
  const reply = encodeFrame(
    encoder.encode(await sha256(value ?? encoder.encode(""))),
  );
  for (const byte of reply) await conn.write(new Uint8Array([byte]));
  assertEquals((await client.ending()).code, 0);
  assertEquals((await within("the end", frames.next())).done, true);
});

Deno.test("a wrong hash gets one line and status 1", async () => {
  await using session = await startSession(PICTURE);
  const { client, conn, frames } = session;
  const { value } = await within("the frame", frames.next());
  await writeAll(conn, encodeFrame(encoder.encode("0\x1b[2J\n")));
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: `Wrong hash for ${PICTURE}: it is ${await sha256(
      value ?? encoder.encode(""),
    )}, the server says "0\\x1b[2J\\n"\n`,
  });
});

Deno.test("an answer that is no hash frame gets one line and status 1", async () => {
  await using session = await startSession(PICTURE);
  const { client, conn } = session;
  await writeAll(conn, encoder.encode("HTTP/1.1 400 Bad Request\r\n"));
  assertEquals(await client.ending(), {
    code: 1,
    stdout: "",
    stderr: `Wrong answer to ${PICTURE}: Frame of 1213486160 bytes is longer ` +
      "than 64 bytes. Is it a frames server?\n",
  });
});

for (
  const [how, reply] of [
    ["without a reply", []],
    ["in the middle of its reply", [0, 0, 0, 64, 48, 49]],
  ] as const
) {
  Deno.test(`a server that closes ${how} gets one line and status 1`, async () => {
    await using session = await startSession(PICTURE);
    const { client, conn, frames } = session;
    await within("the frame", frames.next());
    await writeAll(conn, new Uint8Array(reply));
    await conn.closeWrite();
    assertEquals(await client.ending(), {
      code: 1,
      stdout: "",
      stderr: `Server closed the connection without an answer to ${PICTURE}. ` +
        "Its own lines say why\n",
    });
  });
}

Deno.test("a file over the server's limit gets one line and status 1", async () => {
  await using folder = await makeFolder();
  const path = `${folder.path}/large`;
  await Deno.writeFile(path, new Uint8Array(16 * 1024 * 1024));
  await using server = startServer(SERVER, "--max-frame", "100");
  for (const name of [PICTURE, path]) {
    await using client = startClient(await server.port(), name);
    assertEquals(await client.ending(), {
      code: 1,
      stdout: "",
      stderr: `Server closed the connection without an answer to ${name}. ` +
        "Its own lines say why\n",
    });
  }
  await server.stdout.match(/, its frame of 16777216 bytes is over 100\n/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} while the client waits for a reply ends it with status 0`, async () => {
    await using session = await startSession(PICTURE);
    await within("the frame", session.frames.next());
    session.client.kill(signal);
    assertEquals(await session.client.ending(), {
      code: 0,
      stdout: "\nClient exiting\n",
      stderr: "",
    });
  });

  Deno.test(`${signal} while the client reads its input ends it with status 0`, async () => {
    await using session = await startSession();
    await session.client.type("not all of it");
    session.client.kill(signal);
    assertEquals((await session.client.ending()).code, 0);
  });
}

/** From the protocol, with struct. */
const PYTHON_SERVER = `
import hashlib, socket, struct
def read_exactly(s, n):
    data = b""
    while len(data) < n:
        part = s.recv(n - len(data))
        if not part:
            return None
        data += part
    return data
with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on", "%s:%d" % s.getsockname())
    conn, _ = s.accept()
    with conn:
        while header := read_exactly(conn, 4):
            payload = read_exactly(conn, struct.unpack("!I", header)[0])
            reply = hashlib.sha256(payload).hexdigest().encode()
            conn.sendall(struct.pack("!I", len(reply)) + reply)
`;

Deno.test(
  "our client is answered by a Python server with struct",
  needsPython,
  async () => {
    await using server = startPython(PYTHON_SERVER);
    await using client = startClient(await server.port(), PICTURE, SCRIPT);
    const { code, stdout, stderr } = await client.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(
      stdout,
      /^\S+\.png {2}\d+ bytes {2}\w{64}\n\S+\.ts {2}\d+ bytes {2}\w{64}\n$/,
    );
  },
);
