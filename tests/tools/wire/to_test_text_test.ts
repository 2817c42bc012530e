import { assertEquals, assertThrows } from "@std/assert";
import { Literals, quote } from "../../../tools/wire/literals.ts";
import { testOf } from "../../../tools/wire/to_test.ts";
import { type Trace, TraceError } from "../../../tools/wire/trace.ts";
import fc from "../../fast_check.ts";
import { Program } from "../../program.ts";
import {
  anyBytes,
  anyEvent,
  hostileText,
  type Short,
  traceOf,
} from "./traces.ts";

/** The steps of a test, without their margin. */
function stepsIn(text: string): string[] {
  const [, steps = ""] = text.match(/async \(\) => \{\n([^]*?)^\}\);$/m) ?? [];
  return steps.trimEnd().split("\n").map((line) => line.trim());
}

/** The steps of a trace, without the ones that all of them begin with. */
function stepsOf(...shorts: Short[]): string[] {
  const trace = traceOf("lines", [[1, "connect"], ...shorts]);
  return stepsIn(testOf(trace, "a trace")).slice(1);
}

Deno.test("what the server sends in one go is one step for each connection", () => {
  assertEquals(
    stepsOf(
      [1, "client>", "a\n"],
      [1, "client>", "b\n"],
      [2, "connect"],
      [1, "server>", "A"],
      [2, "server>", "hi\n"],
      [1, "server>", "\nB\n"],
      [2, "server."],
      [2, "client>", "c\n"],
      [1, "server>", "C\n"],
      [1, "client!"],
    ),
    [
      'await client1.send("a\\n");',
      "// On their way, two sends can become one.",
      'await client1.send("b\\n");',
      // Nothing else says that the server has seen the first client before.
      "await client1.pause(10);",
      "",
      'await using client2 = await connect(to, "client 2");',
      'await client1.expect("A\\nB\\n");',
      'await client2.expect("hi\\n");',
      "await client2.expectEnd();",
      'await client2.send("c\\n");',
      'await client1.expect("C\\n");',
      "await client1.reset();",
      "// Still open at the end of the trace.",
      "await client2.close();",
    ],
  );
});

Deno.test("a client sends what has reached the server, and expects what the server has sent", () => {
  assertEquals(
    stepsOf(
      [1, "client>", "one"],
      [1, "client|", "two"],
      [1, "client."],
      [1, "client+", "t"],
      [1, "server|", "gone"],
      [1, "server-", "gone"],
      [1, "client+", "wo"],
      [1, "server.", "wire"],
      [1, "server."],
      [1, "close"],
    ),
    [
      'await client1.send("one");',
      "// On their way, two sends can become one.",
      'await client1.send("t");',
      'await client1.expect("gone");',
      'await client1.send("wo");',
      "await client1.halfClose();",
      "await client1.expectEnd();",
    ],
  );
});

Deno.test("an end that the wire has made is the client's, and the server knows of nothing after it", () => {
  assertEquals(
    stepsOf(
      [1, "client.", "wire"],
      [1, "client|", "too late"],
      [1, "client-", "too late"],
      [1, "client."],
      [1, "wire!"],
    ),
    ["await client1.halfClose();", "await client1.reset();"],
  );
});

Deno.test("an end that the wire still held did not reach the server", () => {
  assertEquals(
    stepsOf([1, "client|", "held"], [1, "client."], [1, "server!"]),
    ["await client1.expectReset();"],
  );
});

Deno.test("a reset after the end of the stream is not waited for", () => {
  assertEquals(
    stepsOf([1, "server."], [1, "client>", "x"], [1, "server!"]),
    [
      "await client1.expectEnd();",
      'await client1.send("x");',
      "await client1.close();",
    ],
  );
});

Deno.test("a frame is its length in hex, and what is in it", () => {
  const trace = traceOf("frames", [
    [1, "connect"],
    [1, "client>", "\0\0\0\x05hello\0\0"],
    [1, "client>", "\0@hi"],
  ]);
  assertEquals(stepsIn(testOf(trace, "a trace")).slice(1, 4), [
    'await client1.send(hex("00 00 00 05"), "hello", hex("00 00"));',
    "// On their way, two sends can become one.",
    'await client1.send(hex("00 40"), "hi");',
  ]);
});

Deno.test("a connection that is not there from its beginning is left out, and it is said", () => {
  const { events, ...head } = traceOf("none", [
    [4, "server>", "hi"],
    [1, "connect"],
    [4, "close"],
  ]);
  const text = testOf({
    ...head,
    events: [
      { at: 0, conn: 0, kind: "dropped", events: 12 },
      { at: 0, conn: 0, kind: "note", note: "\n*/ see" },
      { at: 0, conn: 3, kind: "refused", why: "nobody" },
      ...events,
    ],
  }, "a trace");
  assertEquals(stepsIn(text), [
    "// 12 older events are missing.",
    "// Note: ?*/ see",
    "// Client 3 is left out: the server was not there.",
    "// Client 4 is left out: its beginning is missing.",
    "",
    'await using client1 = await connect(to, "client 1");',
    "// Still open at the end of the trace.",
    "await client1.close();",
  ]);
});

Deno.test("a trace that cannot be replayed is refused in a line that says why", () => {
  const long = new Uint8Array(1024 * 1024 + 1);
  const many = Array.from({ length: 10_001 }, (): Short => [1, "close"]);
  const cases: [Trace, string][] = [
    [
      traceOf("lines", [[1, "client>", "a"]]),
      "No connection is in the trace from its beginning",
    ],
    [
      traceOf("lines", [[2, "connect"], [2, "client|", "a"], [
        2,
        "client-",
        "a",
      ]]),
      "The wire has lost bytes of client 2, which TCP never does",
    ],
    [
      traceOf("lines", [[1, "connect"], [1, "client>", long]]),
      "It has 1048577 bytes: a test is made of 1048576 at most",
    ],
    [
      traceOf("lines", many),
      "It has 10001 events: a test is made of 10000 at most",
    ],
    [
      { ...traceOf("lines", [[1, "connect"]]), to: "*/\n:80" },
      'Its server is no HOST:PORT: "*/\\n:80"',
    ],
  ];
  for (const [trace, message] of cases) {
    assertThrows(() => testOf(trace, "a trace"), TraceError, message);
  }
});

/** What the arguments in a source text are. */
function evaluated(args: string[]): Uint8Array {
  const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));
  const parts = new Function("hex", `return [${args.join(",")}]`)(hex);
  const bytes = (parts as (string | Uint8Array)[]).map((part) =>
    typeof part === "string" ? new TextEncoder().encode(part) : part
  );
  return new Uint8Array(bytes.flatMap((part) => [...part]));
}

Deno.test("bytes in a source text are the bytes that they were, in every framing", () => {
  fc.assert(fc.property(
    fc.array(anyBytes),
    fc.constantFrom("none" as const, "lines" as const, "frames" as const),
    (chunks, framing) => {
      const literals = new Literals(framing);
      for (const chunk of chunks) {
        const { few, many } = literals.of(chunk);
        assertEquals(evaluated(few), chunk);
        assertEquals(evaluated(many), chunk);
      }
    },
  ));
});

Deno.test("a name in a source text is the name that it was, and can be seen", () => {
  fc.assert(fc.property(hostileText, (text) => {
    assertEquals(new Function(`return ${quote(text)}`)(), text);
  }));
  assertEquals(
    quote("a\u202e\u2028\ud800\u3164é日"),
    '"a\\u202e\\u2028\\ud800\\u3164é日"',
  );
  assertEquals(quote('say "hi"'), `'say "hi"'`);
});

/** A trace of many clients that do anything. */
const anyTrace = fc.tuple(
  fc.array(fc.array(anyEvent, { maxLength: 8 }), { minLength: 30 }),
  fc.constantFrom("none" as const, "lines" as const, "frames" as const),
).map(([clients, framing]): Trace => ({
  to: "[::1]:5005",
  framing,
  events: clients.flatMap((events, conn) =>
    [...traceOf(framing, [[conn, "connect"]]).events, ...events]
      .filter(({ kind }) => kind !== "lost")
      .map((event) => ({ ...event, conn }))
  ),
}));

Deno.test("every trace becomes a file that is checked, linted and formatted", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const traces = fc.sample(fc.tuple(anyTrace, hostileText), 3);
    for (const [index, [trace, name]] of traces.entries()) {
      const text = testOf(trace, name);
      await Deno.writeTextFile(`${folder}/${index}_test.ts`, text);
    }
    for (const args of [["check"], ["lint"], ["fmt", "--check"]]) {
      await using deno = new Program(Deno.execPath(), [...args, "."], {
        cwd: folder,
      });
      const { code, stdout, stderr } = await deno.ending();
      assertEquals(code, 0, stdout + stderr);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
