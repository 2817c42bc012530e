/**
 * Traces, written down in short or made at random.
 *
 * @module
 */
import type { Framing } from "../../../tools/wire/framing.ts";
import type {
  Happening,
  Side,
  Trace,
  TraceEvent,
} from "../../../tools/wire/trace.ts";
import fc from "../../fast_check.ts";

/**
 * An event in short. `client>` is what the client has sent and `client|` the
 * same where the wire holds it; `client+` is a piece of that and `client-` what
 * was lost of it; `client.` is its end, and that of the wire with `wire` behind
 * it; `client!` a reset.
 */
export type Short =
  | [conn: number, `${Side}${">" | "|" | "+" | "-"}`, string | Uint8Array]
  | [conn: number, "connect" | "close" | `${Side | "wire"}!`]
  | [conn: number, `${Side}.`, by?: "wire"];

/** A trace of a server at `127.0.0.1:5005`, an event every millisecond. */
export function traceOf(framing: Framing, shorts: Short[]): Trace {
  const events = shorts.map((short, at): TraceEvent => (
    { at, conn: short[0], ...happeningOf(short) }
  ));
  return { to: "127.0.0.1:5005", framing, events };
}

function happeningOf([, word, data = ""]: Short): Happening {
  if (word === "connect") {
    const server = "127.0.0.1:5005";
    return { kind: word, client: "127.0.0.1:40118", server };
  }
  if (word === "close") return { kind: word };
  const from = word.slice(0, -1) as Side;
  const bytes = typeof data === "string"
    ? new TextEncoder().encode(data)
    : data;
  switch (word.at(-1)) {
    case ">":
      return { kind: "chunk", from, bytes };
    case "|":
      return { kind: "chunk", from, bytes, held: true };
    case "+":
      return { kind: "piece", from, bytes };
    case "-":
      return { kind: "lost", from, bytes };
    case ".":
      return { kind: "end", from, by: data === "wire" ? "wire" : from };
    default:
      return { kind: "reset", by: from };
  }
}

const side = fc.constantFrom<Side>("client", "server");

const sideOrWire = fc.constantFrom<Side | "wire">("client", "server", "wire");

/** What is dangerous in a source text, and what looks like nothing there. */
export const hostileText: fc.Arbitrary<string> = fc.array(
  fc.oneof(
    fc.constantFrom(
      ..."\"'`\\/*\n\r\t\0\x1b\x7f\x9b\u2028\u2029\u202e\u200f\u200d\ufeff",
      ..."\ud800\udc00\ufffd\u0301\u3164\u00a0",
    ),
    fc.constantFrom(
      "*/",
      "//",
      "${1}",
      "\\u{",
      "</script>",
      "\r\n",
      "👩‍💻",
      "שלום",
      "日本",
      "नमस्ते",
      " // @ts-nocheck",
      "\n// deno-lint-ignore-file\n",
      "TODO",
      "\\",
    ),
    fc.string({ unit: "binary", maxLength: 9 }),
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));

/** Any bytes, text among them. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  hostileText.map((text) => new TextEncoder().encode(text)),
);

/** Anything that can happen, whether it makes sense or not. */
export const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant("connect" as const),
    client: hostileText,
    server: hostileText,
  }),
  fc.record({ kind: fc.constant("refused" as const), why: hostileText }),
  fc.record({
    kind: fc.constant("chunk" as const),
    from: side,
    bytes: anyBytes,
    held: fc.constant(true as const),
  }, { requiredKeys: ["kind", "from", "bytes"] }),
  fc.record({
    kind: fc.constantFrom("piece" as const, "lost" as const),
    from: side,
    bytes: anyBytes,
  }),
  fc.record({
    kind: fc.constant("end" as const),
    from: side,
    by: sideOrWire,
    held: fc.constant(true as const),
  }, { requiredKeys: ["kind", "from", "by"] }),
  fc.record({ kind: fc.constant("reset" as const), by: sideOrWire }),
  fc.record({ kind: fc.constant("close" as const) }),
  fc.record({ kind: fc.constant("note" as const), note: hostileText }),
  fc.record({ kind: fc.constant("dropped" as const), events: fc.nat() }),
);

/** Anything that can happen, at any time, on one of a few connections. */
export const anyEvent: fc.Arbitrary<TraceEvent> = fc.tuple(
  anyHappening,
  // A trace keeps microseconds.
  fc.nat(1_000_000_000).map((microseconds) => microseconds / 1000),
  fc.nat(3),
).map(([happening, at, conn]) => ({ ...happening, at, conn }));

/** A trace with what its author would like a page to do. */
export function hostileTrace(): string {
  const image = "<img src=x onerror=alert(1)>";
  const script = '"><script>alert(2)</script>';
  const events: unknown[] = [
    { at: 0, conn: 1, kind: "connect", client: image, server: script },
    {
      at: 9007199254740991,
      conn: 9007199254740991,
      kind: "note",
      note: "\ud800 \u202e",
    },
    { at: 1, conn: 1, kind: "reset", by: "server" },
    { at: 2, conn: 0, kind: "dropped", events: 9007199254740991 },
    { at: 3, conn: 2, kind: "refused", why: image.repeat(1000) },
    { at: 4, conn: 3, kind: "end", from: "client", by: "wire" },
    { at: 5, conn: 3, kind: "close" },
    { at: 6, conn: 3, kind: "connect", client: "\u202e", server: "\0" },
  ];
  for (let at = 7; at < 10_000; at++) {
    const text = `${at} ${image}\u202e\u2067\udc00\n${script}`;
    events.push({ at, conn: 3, kind: "chunk", from: "client", text });
  }
  events.push({
    at: 1e4,
    conn: 3,
    kind: "piece",
    from: "server",
    base64: "/w==",
  });
  const head = { trace: 1, to: image, framing: "lines" };
  return [head, ...events].map((line) => JSON.stringify(line)).join("\n");
}
