/**
 * The programs of this lesson and the client of lesson 09 with each other, with
 * nc, and with programs in the manner of the source texts.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { startServer } from "../conversation.ts";
import { needsNc, needsPython, startNc, startPython } from "../peers.ts";
import { type Program, startScript } from "../program.ts";
import {
  PYTHON_CLIENT,
  SELECTORS_SERVER,
  THREADED_SERVER,
} from "./python_peers.ts";
import { SERVERS } from "./session.ts";

function startChatClient(port: number, name: string): Program {
  const script = "lessons/09_chat/chat_client.ts";
  return startScript(script, ["--port", String(port), "--name", name]);
}

/**
 * Two clients in a room, which `start` starts and which print what they get.
 * They give their names themselves, or the test types them.
 */
async function converse(
  start: (name: string) => Program | Promise<Program>,
  typeNames: boolean,
): Promise<void> {
  await using ada = await start("Ada");
  if (typeNames) await ada.type("Ada\n");
  await ada.stdout.match(
    /Welcome! Enter your name:\n.*Hello Ada! You can chat now\.\n/,
  );
  await using bob = await start("Bob");
  if (typeNames) await bob.type("Bob\n");
  await ada.stdout.match(/Bob has joined the chat\.\n/);
  await bob.type("good mörning\n");
  await ada.stdout.match(/Bob: good mörning\n/);
  await bob.stdout.match(/Bob: good mörning\n/);
  await ada.type("hello Bob\n");
  await bob.stdout.match(/Ada: hello Bob\n/);
  await bob.endInput();
  await ada.stdout.match(/Bob has left the chat\.\n/);
  assertEquals((await bob.ending()).code, 0);
}

for (const [title, script] of SERVERS) {
  Deno.test(`${title}: two of lesson 09's clients talk`, async () => {
    await using server = startServer(script);
    const port = await server.port();
    await converse((name) => startChatClient(port, name), false);
  });

  Deno.test({
    name: `${title}: two Python clients talk`,
    ...needsPython,
    async fn() {
      await using server = startServer(script);
      const port = String(await server.port());
      await converse(() => startPython(PYTHON_CLIENT, port), true);
    },
  });

  Deno.test({
    name: `${title}: two nc talk`,
    ...needsNc,
    async fn() {
      await using server = startServer(script);
      const port = await server.port();
      await converse(() => startNc(port), true);
    },
  });
}

for (
  const [title, source] of [
    ["selectors", SELECTORS_SERVER],
    ["threaded", THREADED_SERVER],
  ] as const
) {
  Deno.test({
    name: `two of lesson 09's clients talk through a ${title} Python server`,
    ...needsPython,
    async fn() {
      await using server = startPython(source);
      const port = await server.port();
      await converse((name) => startChatClient(port, name), false);
    },
  });
}
