/**
 * What happens when the server is broken on purpose, as the text of lesson 06
 * says under "Try this".
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { Program, ROOT } from "../program.ts";
import { assertServesInTurn } from "./in_turn.ts";

const LESSON = "lessons/06_concurrent";

/** Starts the concurrent server with its text changed. */
async function startEdited(
  edit: (source: string) => string,
): Promise<Program> {
  const url = new URL(`${LESSON}/concurrent_server.ts`, ROOT);
  const source = edit(await Deno.readTextFile(url))
    .replaceAll('"../../lib/', '"./lib/')
    .replaceAll('"./room.ts"', `"./${LESSON}/room.ts"`);
  const program = new Program(
    Deno.execPath(),
    ["run", "--no-prompt", "-N=127.0.0.1", "--ext=ts", "-", "--port", "0"],
    { cwd: ROOT },
  );
  await program.type(source);
  await program.endInput();
  return program;
}

/** Replaces the first place, which has to be there. */
function replace(source: string, old: string | RegExp, by: string): string {
  const replaced = source.replace(old, by);
  assertEquals(replaced === source, false, `There is no ${old}`);
  return replaced;
}

Deno.test("the page's command resets a connection, and the log says so", async () => {
  const page = await Deno.readTextFile(new URL(`${LESSON}/README.md`, ROOT));
  const source = page.match(/^ *deno eval "(.*)"$/m)?.[1] ?? "";
  await using server = await startEdited((source) => source);
  const port = String(await server.port());
  await using client = new Program(Deno.execPath(), [
    "eval",
    source.replace("5002", port),
  ]);
  assertEquals((await client.ending()).code, 0);
  await server.stdout.match(/disconnected: it reset the connection\n$/);
});

Deno.test("without the catch, one reset ends the server for all", async () => {
  await using server = await startEdited((source) =>
    replace(
      source,
      / {2}try \{\n( {4}await serve\(conn\);\n.*\n) {2}\} catch[^]*?\n {2}\}\n(?=\}\n)/,
      "    await serve(conn);\n",
    )
  );
  const port = await server.port();
  using other = await Deno.connect({ port });
  await writeAll(other, new Uint8Array([1]));
  await within("the echo", readExactly(other, 1));
  const client = await connectResetting(port);
  await server.stdout.match(/Connected by.*\nConnected by/);
  await client.reset();
  const { code, stderr } = await server.ending();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "ConnectionReset");
  assertEquals(await within("the end", readAll(other)), new Uint8Array());
});

Deno.test("with await, the second client waits until the first has gone", async () => {
  await using server = await startEdited((source) =>
    replace(
      source,
      "      runTask(conn, options);",
      "      await runTask(conn, options);",
    )
  );
  await assertServesInTurn(server);
});

Deno.test("with one buffer for all, clients get each other's bytes", async () => {
  await using server = await startEdited((source) =>
    replace(
      source,
      /^(export async function echo.*\n *using.*\n) *(const buffer.*\n)/m,
      "$2$1",
    )
  );
  const port = await server.port();
  using slow = await Deno.connect({ port });
  using quick = await Deno.connect({ port });

  // The slow client sends and does not read, until the server waits in the
  // middle of sending back; the quick one sends meanwhile.
  const bytes = new Uint8Array(16_000_000).fill(1);
  const writing = writeAll(slow, bytes).then(() => slow.closeWrite());
  const chunk = new Uint8Array(100_000);
  let foreign = 0;
  for (let received = 0; received < bytes.length;) {
    await writeAll(quick, new Uint8Array(1024).fill(2));
    await within("the quick client's echo", readExactly(quick, 1024));
    const count = await within("an echo", slow.read(chunk)) ?? bytes.length;
    foreign += chunk.subarray(0, count).filter((byte) => byte === 2).length;
    received += count;
  }
  await writing;
  assertEquals(foreign > 0, true);
});
