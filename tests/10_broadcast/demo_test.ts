/**
 * The demo of lesson 10 prints what its page shows, and ends.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { experiment } from "../../lessons/10_broadcast/experiment.ts";
import { serve } from "../../lib/serve.ts";
import { readLines } from "../../lib/lines.ts";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { ROOT, startScript } from "../program.ts";

const DEMO = "lessons/10_broadcast/broadcast_demo.ts";
/** Far above what the demo takes, on a busy machine too. */
const LIMIT = 60_000;

/** What is different each time, replaced. */
function steady(text: string): string {
  return text
    .replaceAll(/^ {3}[.#|]+(\n {3}[.#|]+)*$/gm, "   TIMELINE")
    .replaceAll(/(?<=\d\.\d|server) +(?=\d+\.\d)/g, " ")
    .replaceAll(/\d+\.\d/g, "MS");
}

Deno.test("the demo prints what the page shows", async () => {
  const page = await Deno.readTextFile(
    new URL("lessons/10_broadcast/README.md", ROOT),
  );
  const shown = page.match(/```\n(Ada says something.*?)```/s)?.[1] ?? "";
  await using demo = startScript(DEMO);
  await within(
    "the direct server",
    demo.stdout.match(/\nbroadcast-server:/),
    LIMIT,
  );
  await within("the other one", demo.stdout.match(/half|How long/), LIMIT);
  const { code, stdout, stderr } = await demo.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(steady(stdout), steady(shown));
  assert(stdout.split("\n").every((line) => line.length < 80));

  // In the direct room the deadline of 2 seconds shows, and the sleeper is let
  // go of in both.
  const row = /^direct-broadcast-server(?: +\d+\.\d){3} +(\d+\.\d)/m;
  assertEquals(Number(stdout.match(row)?.[1]) > 500, true, stdout);
  assertEquals(stdout.match(/\|[.#\n ]+\|/g)?.length, 2, stdout);
});

Deno.test("the demo does not wait for ever for a deadline that is far away", async () => {
  await using demo = startScript(DEMO, ["--write-timeout", "3600"]);
  await within(
    "the direct server",
    demo.stdout.match(/#\n {3}The client is there still\. .*\n/),
    LIMIT,
  );
  await within("the other one", demo.stdout.match(/How long/), LIMIT);
  const { code, stdout, stderr } = await demo.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /^direct-broadcast-server( +\d+\.\d){4} +- +-$/m);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends the demo with status 0`, async () => {
    await using demo = startScript(DEMO);
    await demo.stdout.match(/direct-broadcast-server:.*\n/);
    demo.kill(signal);
    const { code, stdout, stderr } = await demo.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout.endsWith("\nDemo stopped\n"), true, stdout);
  });
}

for (
  const [args, line] of [
    [["now"], '"now" is not a flag; see --help'],
    [
      ["--talkers", "0"],
      '--talkers takes a whole number from 1 to 50, not "0"',
    ],
    [
      ["--write-timeout", "0"],
      '--write-timeout takes a number of seconds from 0.01 to 86400, not "0"',
    ],
  ] as const
) {
  Deno.test(`demo: ${args.join(" ")} gets one line and status 2`, async () => {
    await using demo = startScript(DEMO, [...args]);
    assertEquals(await demo.ending(), {
      code: 2,
      stdout: "",
      stderr: `${line}\n`,
    });
  });
}

Deno.test("without permission the demo names the command that grants it", async () => {
  await using demo = startScript(DEMO, [], []);
  const { code, stderr } = await demo.ending();
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^Deno was not given net access to 127\.0\.0\.1:0\. Start it with: deno run --allow-net=127\.0\.0\.1 lessons.*\n$/,
  );
});

Deno.test("experiment() measures how long a message is on its way", async () => {
  // A server that takes 300 ms for the fifth message of Ada's, and in which
  // everybody hears only himself.
  const trips = await within(
    "the experiment",
    experiment((listener, { signal, log }) =>
      serve(listener, async (conn) => {
        let name = "";
        let count = 0;
        for await (const line of readLines(conn)) {
          if (name === "") {
            name = line;
            await writeAll(
              conn,
              bytesOf(`Hello ${name}! You can chat now.\n`),
            );
            if (name === "Sleeper") log("Sleeper left from here");
            continue;
          }
          if (name === "Ada" && ++count === 5) {
            await new Promise((resolve) => setTimeout(resolve, 300));
          }
          await writeAll(conn, bytesOf(`${name}: ${line}\n`));
        }
      }, { signal }), 1),
    LIMIT,
  );
  const phases = trips.map(({ phase }) => phase).join(" ");
  assertMatch(phases, /^(before ){10}(with )+(after ?){10}$/);
  assertEquals((trips[4]?.ms ?? 0) >= 299, true, `${trips[4]?.ms} ms`);
});
