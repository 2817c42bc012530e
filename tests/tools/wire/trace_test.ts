import { assertEquals } from "@std/assert";
import { TraceError } from "../../../tools/wire/trace.ts";
import {
  formatEvent,
  formatHead,
  parseTrace,
} from "../../../tools/wire/trace_file.ts";
import fc from "../../fast_check.ts";
import { anyEvent, hostileText } from "./traces.ts";

const HEAD = '{"trace":1,"to":"127.0.0.1:5005","framing":"lines"}';

/** What is said of a text that is no trace; `undefined` if it is one. */
function refusalOf(text: string): string | undefined {
  try {
    parseTrace(text);
    return undefined;
  } catch (error) {
    // Whoever reads a file catches this one and no other.
    if (!(error instanceof TraceError)) throw error;
    return error.message;
  }
}

/** What is said of an event on line 2. */
function refusalOfEvent(event: unknown): string | undefined {
  return refusalOf(`${HEAD}\n${JSON.stringify(event)}`);
}

Deno.test("a trace is the same after it was written and read, whatever has happened", () => {
  fc.assert(fc.property(
    hostileText,
    fc.constantFrom("none" as const, "lines" as const, "frames" as const),
    fc.array(anyEvent),
    fc.constantFrom("\n", "\r\n", "\n\n", "\r\n \r\n"),
    (to, framing, events, lineEnd) => {
      const lines = [formatHead({ to, framing }), ...events.map(formatEvent)];
      // An object a line, whatever is in it.
      for (const line of lines) assertEquals(/[\r\n]/.test(line), false);
      const text = lines.join(lineEnd) + lineEnd;
      assertEquals(parseTrace(text), { to, framing, events });
    },
  ));
});

Deno.test("a trace that an editor has saved with a byte order mark is one", () => {
  assertEquals(parseTrace(`\ufeff${HEAD}\r\n`).events, []);
});

Deno.test("bytes are text if they are UTF-8, and base64 if not", () => {
  const event = { at: 0, conn: 1, kind: "chunk", from: "client" } as const;
  const lineOf = (...bytes: number[]) =>
    JSON.parse(formatEvent({ ...event, bytes: new Uint8Array(bytes) }));
  assertEquals(lineOf(0xe2, 0x82, 0xac, 0), { ...event, text: "€\0" });
  assertEquals(lineOf(0xef, 0xbb, 0xbf), { ...event, text: "\ufeff" });
  assertEquals(lineOf(0xe2, 0x82), { ...event, base64: "4oI=" });
});

Deno.test("a line that is wrong is said with its number and what is wrong", () => {
  const object = "no JSON object";
  const cases: [string, string][] = [
    ["", `Line 1 is ${object}`],
    ["\n", `Line 1 is ${object}`],
    ["[]", `Line 1 is ${object}`],
    ["null", `Line 1 is ${object}`],
    ["{", `Line 1 is ${object}`],
    ["{}", 'Line 1: "trace" must be 1'],
    ['{"trace":2}', 'Line 1: "trace" must be 1'],
    ['{"trace":1}', 'Line 1: "framing" must be none, lines or frames'],
    ['{"trace":1,"framing":"none"}', 'Line 1: "to" must be a text'],
    [`${HEAD}\n\n\r\n"x"`, `Line 4 is ${object}`],
    [
      `${HEAD}\n{"at":0,"conn":1,"kind":"close"}\n{}`,
      'Line 3: "at" must be a number, 0 or more',
    ],
    [
      `${HEAD}\n{"at":1e999,"conn":1,"kind":"close"}`,
      'Line 2: "at" is more than 9007199254740991',
    ],
    [
      `${HEAD}\n${" ".repeat(4 * 1024 * 1024)}{}`,
      "Line 2 is longer than 4194304 characters",
    ],
  ];
  for (const [text, message] of cases) assertEquals(refusalOf(text), message);
});

Deno.test("a field that is wrong is named, with what it may be", () => {
  const at = { at: 0, conn: 1 };
  const chunk = { ...at, kind: "chunk", from: "client" };
  const cases: [unknown, string][] = [
    [{ at: -1, conn: 1 }, '"at" must be a number, 0 or more'],
    [{ at: "1", conn: 1 }, '"at" must be a number, 0 or more'],
    [{ at: 0 }, '"conn" must be a number, 0 or more'],
    [{ at: 0, conn: 1.5 }, '"conn" must be a whole number'],
    [{ at: 0, conn: 2 ** 53 }, '"conn" is more than 9007199254740991'],
    [at, '"kind" must be a text'],
    [{ ...at, kind: "x" }, '"kind" is unknown: "x"'],
    [{ ...at, kind: "toString" }, '"kind" is unknown: "toString"'],
    [{ ...at, kind: "connect" }, '"client" must be a text'],
    [{ ...at, kind: "refused" }, '"why" must be a text'],
    [{ ...at, kind: "note", note: 1 }, '"note" must be a text'],
    [{ ...at, kind: "dropped" }, '"events" must be a number, 0 or more'],
    [{ ...at, kind: "chunk", from: "wire" }, '"from" must be client or server'],
    [chunk, '"text" must be a text'],
    [{ ...chunk, base64: "?" }, '"base64" is not base64'],
    [{ ...chunk, base64: 1 }, '"base64" must be a text'],
    [{ ...chunk, kind: "end" }, '"by" must be a text'],
    [{ ...at, kind: "reset", by: "me" }, '"by" must be client or server'],
  ];
  for (const [event, message] of cases) {
    assertEquals(refusalOfEvent(event), `Line 2: ${message}`);
  }
});

Deno.test("whatever a file says, it is a trace or refused in one short line", () => {
  const shortLine =
    /^(?:Line \d+|It) [^\r\n]{1,120}$|^Line \d+: [^\r\n]{1,120}$/;
  const check = (text: string) => {
    const refusal = refusalOf(text);
    if (refusal !== undefined) assertEquals(shortLine.test(refusal), true);
  };
  const names = [
    ..."at conn kind from by text base64 client server held".split(" "),
    ...["why", "note", "events", "__proto__", "constructor"],
  ];
  const kinds = [
    ..."connect refused chunk piece lost end reset close note".split(" "),
    ...["dropped", "x".repeat(1000), "__proto__"],
  ];
  const anyLine = fc.oneof(
    fc.json(),
    fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.nat(3), fc.constantFrom(...kinds, "wire"), fc.jsonValue()),
    ).map((object) => JSON.stringify(object)),
    hostileText,
  );
  fc.assert(fc.property(fc.array(anyLine), (lines) => {
    check(lines.join("\n"));
    check([HEAD, ...lines].join("\n"));
  }));
  for (const kind of kinds) {
    check(`${HEAD}\n{"at":0,"conn":1,"kind":"${kind}"}`);
  }
});

Deno.test("what stands in the descriptions of the file is a trace", async () => {
  for (const name of ["trace_file.ts", "README.md"]) {
    const url = new URL(`../../../tools/wire/${name}`, import.meta.url);
    const text = await Deno.readTextFile(url);
    const lines = text.matchAll(/^(?: \* )?(\{.*\})$/gm)
      .map(([, line]) => line);
    const { events } = parseTrace(lines.toArray().join("\n"));
    assertEquals(events.map(({ kind }) => kind), ["connect", "chunk", "end"]);
  }
});
