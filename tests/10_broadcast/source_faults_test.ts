/**
 * What is wrong in the source texts' servers, shown with servers of the same
 * shape; and that ours do not do it.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf, connect } from "../conversation.ts";
import { within } from "../deadline.ts";
import { needsPython, startPython } from "../peers.ts";
import { memoryInUse } from "../usage.ts";
import { SELECTORS_SERVER, THREADED_SERVER } from "./python_peers.ts";
import {
  type Guest,
  join,
  talkUntilStuck,
  TEXT,
  wakeUntil,
} from "./session.ts";

Deno.test({
  name: "a selectors server dies of clients that connect and close at once",
  ...needsPython,
  async fn() {
    await using server = startPython(SELECTORS_SERVER);
    const port = await server.port();
    let running = true;
    const ending = server.ending().finally(() => running = false);
    while (running) {
      const conn = await Deno.connect({ port }).catch(() => null);
      conn?.close();
    }
    const { code, stderr } = await ending;
    assertEquals(code, 1);
    assertStringIncludes(stderr, "Bad file descriptor");
  },
});

Deno.test({
  name:
    "a lock that is held while sending is taken again to remove who is gone",
  ...needsPython,
  async fn() {
    await using server = startPython(THREADED_SERVER, "report");
    const guests: Guest[] = [];
    while (guests.length < 5) guests.push(await join(server, "Bob"));
    // They say much, and are gone before all of it has come back to them.
    for (const guest of guests) {
      await guest.send("hello\n".repeat(1000));
      guest.conn.close();
    }
    // Where a thread is, the innermost first. It does not get out of there.
    await within(
      "the lock to be taken twice",
      server.stderr.match(/^remove_client < broadcast < serve /m),
    );
  },
});

Deno.test("whoever has a lock and waits for it waits for ever", async () => {
  // As in the direct server.
  let free = Promise.resolve();
  function locked(work: () => Promise<void>): Promise<void> {
    const done = free.then(work);
    free = done.catch(() => {});
    return done;
  }
  const steps: string[] = [];
  await locked(() => Promise.resolve(void steps.push("alone")));
  locked(async () => {
    steps.push("outside");
    await locked(() => Promise.resolve(void steps.push("inside")));
  });
  locked(() => Promise.resolve(void steps.push("next")));
  // All that can happen has happened before a timer fires.
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(steps, ["alone", "outside"]);
});

Deno.test({
  name: "a threaded server waits for one that does not read, and all with it",
  ...needsPython,
  async fn() {
    await using server = startPython(THREADED_SERVER);
    using sleeper = await join(server, "Sleeper");
    // Its thread announces it after the hello, and then listens to it.
    await sleeper.send("good night\n");
    assertEquals(await sleeper.line(), "Sleeper: good night");
    using ada = await join(server, "Ada");
    const stuck = await talkUntilStuck(server, ada, "Ada");
    // As soon as it reads a little, all goes on.
    assertEquals(await wakeUntil(sleeper, stuck.line), `Ada: ${TEXT}`);
  },
});

Deno.test({
  name: "a queue without a limit grows for one that does not read",
  ignore: needsPython.ignore || Deno.build.os !== "linux",
  async fn() {
    await using server = startPython(SELECTORS_SERVER);
    using ada = await join(server, "Ada");
    using sleeper = await connect(server);
    await writeAll(sleeper, bytesOf("Sleeper\n"));
    assertEquals(await ada.line(), "Sleeper has joined the chat.");
    const before = memoryInUse(server.pid) ?? 0;
    const count = 300; // 18 MB. The system takes a few of them.
    for (let number = 0; number < count; number++) {
      await ada.send(`${TEXT}\n`);
      assertEquals(await ada.line(), `Ada: ${TEXT}`);
    }
    const grown = (memoryInUse(server.pid) ?? 0) - before;
    assertEquals(grown > 8_000_000, true, `${grown} bytes`);
  },
});
