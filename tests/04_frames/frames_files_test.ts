/**
 * The files that the frames client sends, and those that it cannot.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { sha256 } from "../../lessons/04_frames/sha256.ts";
import {
  startClient as startWithoutRead,
  startServer,
} from "../conversation.ts";
import { within } from "../deadline.ts";
import { Program, ROOT } from "../program.ts";
import {
  makeFolder,
  PICTURE,
  SCRIPT,
  startClient,
  startSession,
} from "./frames_sent.ts";
import { SERVER } from "./frames_served.ts";

Deno.test("files go to the server and back comes the hash of each", async () => {
  await using folder = await makeFolder();
  const empty = `${folder.path}/empty`;
  const large = `${folder.path}/large`;
  await Deno.writeFile(empty, new Uint8Array());
  const bytes = new Uint8Array(16 * 1024 * 1024).map((_, i) => i % 251);
  await Deno.writeFile(large, bytes);
  const picture = await Deno.readFile(new URL(PICTURE, ROOT));

  await using server = startServer(SERVER);
  const port = await server.port();
  await using client = startClient(port, PICTURE, empty, large);
  assertEquals(await client.ending(), {
    code: 0,
    stdout: `${PICTURE}  ${picture.length} bytes  ${await sha256(picture)}\n` +
      `${empty}  0 bytes  ${await sha256(new Uint8Array())}\n` +
      `${large}  16777216 bytes  ${await sha256(bytes)}\n`,
    stderr: "",
  });
});

Deno.test("a file over 16 MiB is not sent", async () => {
  await using folder = await makeFolder();
  const path = `${folder.path}/large`;
  await Deno.writeFile(path, new Uint8Array(16 * 1024 * 1024 + 1));
  await using session = await startSession(path);
  assertEquals(await session.client.ending(), {
    code: 1,
    stdout: "",
    stderr: `${path} is over 16777216 bytes, too long for one frame\n`,
  });
  assertEquals((await within("the end", session.frames.next())).done, true);
});

for (
  const [what, name, line] of [
    [
      "a file that does not exist",
      "lessons/nothing\x1b[2J.png",
      "There is no file lessons/nothing\\x1b[2J.png. Check the spelling\n",
    ],
    ["a folder", "lessons", "lessons is a folder. Name the files in it\n"],
    [
      "a file in a file",
      "README.md/x",
      "README.md/x cannot be read: Not a directory (os error 20)\n",
    ],
    ["no name at all", "", " cannot be read: Empty path is not allowed\n"],
  ] as const
) {
  Deno.test({
    name: `${what} gets one line and status 1`,
    // Windows names neither as the others do.
    ignore: Deno.build.os === "windows",
    async fn() {
      await using session = await startSession(name);
      assertEquals(await session.client.ending(), {
        code: 1,
        stdout: "",
        stderr: line,
      });
    },
  });
}

Deno.test("without permission the line says the command that grants it, and it does", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  await using denied = startWithoutRead(SCRIPT, port, PICTURE);
  const { code, stdout, stderr } = await denied.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  const command = stderr.match(
    /^Deno was not given read access to \S+. Start it with: deno (run .*)\n$/,
  )?.[1];
  assertStringIncludes(command ?? "", `--port ${port} ${PICTURE}`);
  await using granted = new Program(
    Deno.execPath(),
    command?.split(" ") ?? [],
    { cwd: ROOT },
  );
  assertEquals((await granted.ending()).code, 0);
});
