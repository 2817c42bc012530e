/**
 * What `deno task wire` keeps, and how it tells it in the terminal.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { bytesOf } from "../../conversation.ts";
import { Recording } from "../../../tools/wire/recording.ts";
import { TextLadder } from "../../../tools/wire/text.ts";
import type { TraceEvent } from "../../../tools/wire/trace.ts";
import { parseTrace } from "../../../tools/wire/trace_file.ts";

const HEAD = { to: "127.0.0.1:1", framing: "none" } as const;

Deno.test("it keeps the newest of what there is room for, by bytes and by number", () => {
  const recording = new Recording(HEAD);
  const bytes = new Uint8Array(1024 * 1024);
  for (let count = 0; count < 100; count++) {
    recording.add(1, { kind: "chunk", from: "client", bytes });
  }
  const [dropped, oldest] = Array.from(recording.all());
  assertEquals(dropped?.event.kind === "dropped" && dropped.event.events, 68);
  assertEquals(oldest?.id, 69);
  assertEquals(recording.find(68), undefined);
  assertEquals(recording.find(69), oldest?.event);
  assertEquals(recording.find(101), undefined);

  for (let count = 0; count < 250_000; count++) {
    recording.add(1, { kind: "note", note: String(count) });
  }
  const kept = Array.from(recording.all());
  assertEquals(kept.length, 100_001);
  assertEquals(kept.at(-1)?.id, 250_100);
  assertEquals(recording.find(250_100), kept.at(-1)?.event);
});

Deno.test("what was let go of takes no memory", async () => {
  const MIB = 1024 * 1024;
  const recording = new Recording(HEAD);
  for (let count = 0; count < 500; count++) {
    const bytes = new Uint8Array(MIB);
    recording.add(1, { kind: "chunk", from: "client", bytes });
  }
  // It is free once it is collected, and other garbage brings that about.
  for (let count = 0; Deno.memoryUsage().external > 250 * MIB; count++) {
    assert(count < 2000, "500 MiB are still there");
    new Uint8Array(MIB);
    await new Promise((resolve) => setTimeout(resolve));
  }
});

Deno.test("the file says each time as the terminal does, to the microsecond", () => {
  const recording = new Recording(HEAD);
  for (let count = 0; count < 50_000; count++) {
    recording.add(1, { kind: "close" });
  }
  const { events } = parseTrace(Array.from(recording.lines()).join(""));
  for (const [index, { event }] of Array.from(recording.all()).entries()) {
    assertEquals(events[index]?.at, event.at);
    assertMatch(String(event.at), /^\d+(\.\d{1,3})?$/);
  }
});

Deno.test("each listener is told of each event, until it is let go of", () => {
  const recording = new Recording(HEAD);
  const told: number[] = [];
  const listening = recording.listen((_, id) => told.push(id));
  recording.add(1, { kind: "close" });
  recording.add(1, { kind: "close" });
  listening[Symbol.dispose]();
  recording.add(1, { kind: "close" });
  assertEquals(told, [1, 2]);
});

Deno.test("the terminal tells each kind of event, and where bytes were held up", () => {
  const ladder = new TextLadder("lines");
  const bytes = bytesOf("a\nb");
  const events: TraceEvent[] = [
    { kind: "connect", client: "1.2.3.4:5", server: "1.2.3.4:6" },
    { kind: "chunk", from: "client", bytes },
    { kind: "chunk", from: "server", bytes: bytesOf("\n") },
    { kind: "chunk", from: "client", bytes: bytesOf("c\n"), held: true },
    { kind: "piece", from: "client", bytes: bytesOf("c") },
    { kind: "lost", from: "client", bytes: bytesOf("\n") },
    { kind: "chunk", from: "server", bytes, held: true },
    { kind: "piece", from: "server", bytes },
    { kind: "lost", from: "server", bytes },
    { kind: "end", from: "client", by: "client" },
    { kind: "end", from: "server", by: "wire" },
    { kind: "refused", why: "1.2.3.4:6, nobody listens there" },
    { kind: "reset", by: "server" },
    { kind: "reset", by: "wire" },
    { kind: "close" },
    { kind: "note", note: "trouble \x1b[2J" },
    { kind: "dropped", events: 3 },
  ].map((happening) => ({ at: 0, conn: 1, ...happening }) as TraceEvent);
  assertEquals(
    events.flatMap((event) => ladder.lines(event))
      .map((line) => line.slice("  0.000 s  ".length)),
    [
      "client 1   connects from 1.2.3.4:5, and the wire to 1.2.3.4:6",
      'client 1   --> 3 bytes  1 "a\\n" | 2 "b" ...',
      'client 1   <-- 1 byte  1 "\\n"',
      'client 1   ->| 2 bytes  ... 2 "c\\n"',
      'client 1   |-> 1 byte  ... 2 "c" ...',
      'client 1   ->x 1 byte  "\\n"',
      'client 1   |<- 3 bytes  2 "a\\n" | 3 "b" ...',
      'client 1   <-| 3 bytes  2 "a\\n" | 3 "b" ...',
      'client 1   x<- 3 bytes  "a\\nb"',
      "client 1   the client will send no more",
      "client 1   the wire says that the server will send no more",
      "client 1   is reset: the wire does not reach 1.2.3.4:6, nobody listens there",
      "client 1   the server has reset the connection",
      "client 1   the wire resets the connection",
      "client 1   both have ended: closed",
      "client 1   trouble \\x1b[2J",
      "client 1   3 older events are not kept",
    ],
  );
});

Deno.test("a line of the terminal is short, however much one read brings", () => {
  const ladder = new TextLadder("lines");
  ladder.lines({ at: 0, conn: 1, kind: "connect", client: "", server: "" });
  const bytes = bytesOf("x\n".repeat(30_000));
  const [line = ""] = ladder.lines({
    at: 0,
    conn: 1,
    kind: "chunk",
    from: "client",
    bytes,
  });
  assert(line.length < 200, line);
  assert(line.endsWith('| 6 "x\\n" | 29994 more messages'), line);
});
