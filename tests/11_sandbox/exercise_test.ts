/**
 * The exercise as it is handed out: a sandbox that works, without anything
 * chosen yet.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { connectResetting } from "../loopback.ts";
import { type Program, startScript } from "../program.ts";
import { connect, join } from "./session.ts";

function startExercise(): Program {
  return startScript("lessons/11_sandbox/exercise.ts", ["--port", "0"]);
}

Deno.test("the exercise: names, messages, /help, /quit, and no other command", async () => {
  await using server = startExercise();
  using anna = await connect(server);
  await anna.say(" Anna\x1b ");
  assertEquals(await anna.hear(), "SERVER: Hello Anna!");
  using second = await connect(server);
  await second.say("Anna");
  assertEquals(await second.hear(), "SERVER: Hello Anna-2!");
  using ben = await connect(server);
  await ben.say("", "hello", "/help", "/count", "/quit", "not said");
  assertEquals(await ben.rest(), [
    `SERVER: Hello ${ben.peer}!`,
    "SERVER: commands /help /quit",
    "SERVER: limits none",
    "SERVER: no command /count; /help lists them",
    "SERVER: Goodbye.",
  ]);
  for (
    const text of [
      "SERVER: Anna-2 has joined the chat.",
      `SERVER: ${ben.peer} has joined the chat.`,
      `${ben.peer}: hello`,
      `SERVER: ${ben.peer} has left the chat.`,
    ]
  ) {
    assertEquals(await anna.hear(), text);
  }
});

Deno.test("the exercise: lines that come one byte at a time are put together", async () => {
  await using server = startExercise();
  using anna = await join(server, "Anna");
  using ben = await connect(server);
  for (const byte of new TextEncoder().encode("Ben\r\ngrüße 🦊\n\n")) {
    await ben.send(new Uint8Array([byte]));
  }
  await anna.hear(); // Ben has joined.
  assertEquals(await anna.hear(), "Ben: grüße 🦊");
  assertEquals(await anna.hear(), "Ben: ");
});

Deno.test("the exercise: a client that resets, or whose line does not end, costs only itself", async () => {
  await using server = startExercise();
  using anna = await join(server, "Anna");
  const client = await connectResetting(await server.port());
  await client.write(new TextEncoder().encode("Ben\nhel"));
  assertEquals(await anna.hear(), "SERVER: Ben has joined the chat.");
  await client.reset();
  assertEquals(await anna.hear(), "SERVER: Ben has left the chat.");

  using endless = await join(server, "Endless");
  const sending = endless.send("x".repeat(200_000));
  assertEquals(await endless.rest(), []);
  await sending;
  assertEquals(await anna.hear(), "SERVER: Endless has joined the chat.");
  assertEquals(await anna.hear(), "SERVER: Endless has left the chat.");
  assertEquals(server.stderr.text, "");
});

Deno.test("the exercise works with the client that its page names", async () => {
  await using server = startExercise();
  using anna = await join(server, "Anna");
  await using client = startScript("lessons/11_sandbox/sandbox_client.ts", [
    "--port",
    String(await server.port()),
  ]);
  await client.type("Ben\nhello\n/quit\n");
  assertEquals(await client.ending(), {
    code: 0,
    stdout: "SERVER: Hello Ben!\nSERVER: Goodbye.\nServer closed connection\n",
    stderr: "",
  });
  await anna.hear(); // Ben has joined.
  assertEquals(await anna.hear(), "Ben: hello");
});
