/**
 * Trouble on purpose: in its order, and nothing lost unless that is asked for.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { readExactly, writeAll } from "../../../lib/bytes.ts";
import { bytesOf, textOf } from "../../conversation.ts";
import { within } from "../../deadline.ts";
import { letters, Random } from "../../grader/random.ts";
import { readAll } from "../../loopback.ts";
import type { Side, TraceEvent } from "../../../tools/wire/trace.ts";
import { stepsOf } from "../../../tools/wire/replay_steps.ts";
import {
  NONE,
  parseTroubles,
  type Trouble,
  troubleText,
} from "../../../tools/wire/trouble.ts";
import { Through } from "./through.ts";

/** What was passed on of what `from` has sent, piece by piece. */
function pieces(events: TraceEvent[], from: Side = "client"): Uint8Array[] {
  return events.flatMap((event) =>
    event.kind === "piece" && event.from === from ? [event.bytes] : []
  );
}

/** What a test of this trace does to the server: what it sends, and what else. */
function replayOf(events: TraceEvent[]): string[] {
  const steps = stepsOf({ to: "127.0.0.1:5005", framing: "none", events });
  const sent = steps.flatMap((step) =>
    step.does === "send" ? [step.bytes] : []
  );
  const [connect = "", ...others] = steps.map(({ does }) => does)
    .filter((does) => /^(connect|halfClose|reset)$/.test(does));
  return [connect, textOf(concat(sent)), ...others];
}

/** Sends `text`, then no more, and returns what comes out. */
async function sendThrough(
  through: Through,
  text: string,
): Promise<string> {
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf(text));
  await pair.client.closeWrite();
  return textOf(await within("all of it", readAll(pair.server)));
}

Deno.test("whatever is done, the bytes and their order stay the same", async () => {
  const text = letters(new Random(1), 400);
  const troubles: Partial<Trouble>[] = [
    { cut: 1 },
    { cut: 7 },
    { merge: 30 },
    { delay: 30 },
    { cut: 3, merge: 10, delay: 20 },
  ];
  await Promise.all(troubles.map(async (client) => {
    await using through = await Through.make({ client });
    assertEquals(await sendThrough(through, text), text);
    assertEquals(textOf(concat(pieces(through.events))), text);
  }));
});

Deno.test("cut: pieces of 1 to N bytes, the same ones for the same seed", async () => {
  const sizes = async (seed: number) => {
    await using through = await Through.make({ client: { cut: 5 }, seed });
    await sendThrough(through, letters(new Random(1), 200));
    return pieces(through.events).map(({ length }) => length);
  };
  const [one, same, other] = await Promise.all([sizes(1), sizes(1), sizes(2)]);
  assert(one?.every((size) => size >= 1 && size <= 5), `${one}`);
  assert(new Set(one).size > 2, `${one}`);
  assertEquals(one, same);
  assert(String(one) !== String(other));
});

Deno.test("merge: what comes apart goes on as one", async () => {
  // Until it is over, however slow this machine is.
  await using through = await Through.make({ client: { merge: 60_000 } });
  using pair = await through.connect();
  for (const word of ["one ", "two ", "three"]) {
    await writeAll(pair.client, bytesOf(word));
    await through.happens((event) =>
      event.kind === "chunk" && textOf(event.bytes) === word
    );
  }
  through.proxy.troubles = { client: NONE, server: NONE };
  await within("all of it", readExactly(pair.server, 13));
  assertEquals(pieces(through.events).map(textOf), ["one two three"]);
});

Deno.test("delay: the other direction is not held up", async () => {
  await using through = await Through.make({ client: { delay: 1000 } });
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf("late"));
  await writeAll(pair.server, bytesOf("soon"));
  await within("it", readExactly(pair.client, 4));
  await within("it", readExactly(pair.server, 4));
  const at = (text: string, kind: string) =>
    through.events.find((event) =>
      event.kind === kind && "bytes" in event && textOf(event.bytes) === text
    )?.at ?? NaN;
  assert(at("late", "piece") - at("late", "chunk") >= 995);
  assert(at("soon", "chunk") < at("late", "piece"));
});

Deno.test("stall: nothing goes on until it ends, the end of the stream neither", async () => {
  await using through = await Through.make({ client: { stall: true } });
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf("wait"));
  await pair.client.closeWrite();
  await through.happens(({ kind }) => kind === "end");
  // The other direction goes on meanwhile.
  await writeAll(pair.server, bytesOf("go"));
  await within("it", readExactly(pair.client, 2));
  assertEquals(pieces(through.events), []);
  through.proxy.troubles = { client: NONE, server: NONE };
  const rest = await within("the rest", readAll(pair.server));
  assertEquals(textOf(rest), "wait");
  // It was seen to end when it did, and told when it was.
  const ends = through.events.filter(({ kind }) =>
    kind === "end" || kind === "piece"
  );
  assertEquals(
    ends.map((event) => event.kind === "end" && [event.by, event.held]),
    [["client", true], false, ["wire", undefined]],
  );
});

Deno.test("lose: what is said to be lost is what does not come", async () => {
  await using through = await Through.make({ client: { cut: 1, lose: 50 } });
  const text = letters(new Random(1), 200);
  const came = await sendThrough(through, text);
  const lost = through.events.filter(({ kind }) => kind === "lost").length;
  assert(lost > 50 && lost < 150, `${lost} of 200`);
  assertEquals(came.length, text.length - lost);
  assertEquals(came, textOf(concat(pieces(through.events))));
});

Deno.test("a half-close from the wire comes behind what was sent, and the rest is lost", async () => {
  await using through = await Through.make();
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf("before"));
  await through.happens(({ kind }) => kind === "chunk");
  through.proxy.connection(1)?.halfClose("client");
  const got = await within("the end", readAll(pair.server));
  assertEquals(textOf(got), "before");
  await writeAll(pair.client, bytesOf("after"));
  const lost = await through.happens(({ kind }) => kind === "lost");
  assertEquals("bytes" in lost && textOf(lost.bytes), "after");
  // The other direction goes on.
  await writeAll(pair.server, bytesOf("reply"));
  await within("it", readExactly(pair.client, 5));
});

Deno.test("a reset from the wire is one for both", async () => {
  await using through = await Through.make();
  using pair = await through.connect();
  await through.happens(({ kind }) => kind === "connect");
  through.proxy.connection(1)?.reset();
  for (const end of [pair.client, pair.server]) {
    await assertRejects(
      () => within("the reset", end.read(new Uint8Array(1))),
      Deno.errors.ConnectionReset,
    );
  }
  const event = await through.happens(({ kind }) => kind === "reset");
  assertEquals("by" in event && event.by, "wire");
});

Deno.test("after so many bytes it half-closes, and not a byte later", async () => {
  for (const size of [10, 12, 1000]) {
    await using through = await Through.make({ client: { endAfter: 10 } });
    using pair = await through.connect();
    await writeAll(pair.client, bytesOf("01234"));
    await within("the first half", readExactly(pair.server, 5));
    const rest = letters(new Random(1), size - 5);
    await writeAll(pair.client, bytesOf(rest));
    const got = await within("the end", readAll(pair.server));
    assertEquals(textOf(got), rest.slice(0, 5));
    // Lost behind the end: what the server has seen can be replayed.
    if (size > 10) await through.happens(({ kind }) => kind === "lost");
    assertEquals(
      replayOf(through.events),
      ["connect", `01234${rest.slice(0, 5)}`, "halfClose"],
    );
    const lost = through.events.flatMap((event) =>
      event.kind === "lost" ? [event.bytes] : []
    );
    assertEquals(textOf(concat(lost)), rest.slice(5));
    // The other direction goes on.
    await writeAll(pair.server, bytesOf("reply"));
    await within("it", readExactly(pair.client, 5));
  }
});

Deno.test("after so many bytes it resets, and they come before", async () => {
  for (const trouble of [{}, { cut: 1 }, { merge: 20, delay: 20 }]) {
    for (
      const [from, to] of [["client", "server"], ["server", "client"]] as const
    ) {
      const one = { [from]: { resetAfter: 3, ...trouble } };
      await using through = await Through.make(one);
      using pair = await through.connect();
      await writeAll(pair[from], bytesOf("abcdefg"));
      const got = await within("it", readExactly(pair[to], 3));
      assertEquals(textOf(got), "abc");
      for (const end of [pair.client, pair.server]) {
        await assertRejects(
          () => within("the reset", end.read(new Uint8Array(1))),
          Deno.errors.ConnectionReset,
        );
      }
      const sent = from === "client" ? "abc" : "";
      assertEquals(replayOf(through.events), ["connect", sent, "reset"]);
    }
  }
});

Deno.test("what comes while the wire's half-close is on its way is lost behind it", async () => {
  await using through = await Through.make({ client: { stall: true } });
  using pair = await through.connect();
  await writeAll(pair.client, bytesOf("before"));
  await through.happens(({ kind }) => kind === "chunk");
  through.proxy.connection(1)?.halfClose("client");
  await writeAll(pair.client, bytesOf("after"));
  await pair.client.closeWrite();
  await through.happens(({ kind }) => kind === "end");
  through.proxy.troubles = { client: NONE, server: NONE };
  await through.happens(({ kind }) => kind === "lost");
  assertEquals(
    through.events.map((event) =>
      event.kind === "end" ? `${event.by} ${event.held ?? ""}` : event.kind
    ),
    ["connect", "chunk", "chunk", "client true", "piece", "wire ", "lost"],
  );
  assertEquals(replayOf(through.events), ["connect", "before", "halfClose"]);
});

Deno.test("settings that there are not are refused, and those there are told", () => {
  const good = { ...NONE, cut: 3, delay: 200 };
  assertEquals(parseTroubles({ client: good, server: NONE }), {
    client: good,
    server: NONE,
  });
  for (
    const wrong of [
      null,
      [],
      "x",
      { client: good },
      { client: { ...good, cut: -1 }, server: NONE },
      { client: { ...good, cut: 1.5 }, server: NONE },
      { client: { ...good, lose: 101 }, server: NONE },
      { client: { ...good, delay: 1e9 }, server: NONE },
      { client: { ...good, stall: "yes" }, server: NONE },
    ]
  ) {
    assertEquals(parseTroubles(wrong), null, JSON.stringify(wrong));
  }
  assertEquals(troubleText(good), "cut into 1 to 3 bytes, 200 ms later");
  assertEquals(
    troubleText({ ...NONE, endAfter: 1, resetAfter: 2 }),
    "half-closed after 1 byte, reset after 2 bytes",
  );
  assertEquals(troubleText(NONE), "as it comes");
});
