/**
 * Traces as text, as they stand in a file.
 *
 * The file is text, one JSON object a line. The first line says what it is:
 *
 * ```json
 * {"trace": 1, "to": "127.0.0.1:5005", "framing": "lines"}
 * ```
 *
 * Each other line is an event: `at` is the time in milliseconds since the proxy
 * began, `conn` the number of the connection (0 for all of them), `kind` what
 * happened. Bytes stand in `text` if they are UTF-8, in `base64` if they are
 * not:
 *
 * ```json
 * {"at": 1.25, "conn": 1, "kind": "connect", "client": "127.0.0.1:40118", "server": "127.0.0.1:5005"}
 * {"at": 2.5, "conn": 1, "kind": "chunk", "from": "client", "text": "PING\n"}
 * {"at": 9, "conn": 1, "kind": "end", "from": "client", "by": "client"}
 * ```
 *
 * @module
 */
import { isFraming } from "./framing.ts";
import {
  type Happening,
  type Side,
  type Trace,
  TraceError,
  type TraceEvent,
  type TraceHead,
} from "./trace.ts";

/** The longest line of a trace file that is read, in characters. */
const MAX_LINE = 4 * 1024 * 1024;

/** The most events that are read. */
const MAX_EVENTS = 1_000_000;

/** The first line of a trace file, without its line end. */
export function formatHead({ to, framing }: TraceHead): string {
  return JSON.stringify({ trace: 1, to, framing });
}

/** An event as a line of a trace file, without its line end. */
export function formatEvent(event: TraceEvent): string {
  const { at, conn, kind, ...rest } = event;
  const head = { at, conn, kind };
  if (!("bytes" in rest)) return JSON.stringify({ ...head, ...rest });
  const { bytes, ...others } = rest;
  const text = textIn(bytes);
  return JSON.stringify({
    ...head,
    ...others,
    ...text === null ? { base64: bytes.toBase64() } : { text },
  });
}

/** The text that `bytes` are, `null` if they are not UTF-8. */
function textIn(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Reads the text of a trace file. Whatever the file says, what comes out is a
 * trace.
 *
 * @throws {TraceError} If it is none. The message names the line.
 */
export function parseTrace(text: string): Trace {
  // An editor may have put a byte order mark in front.
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const head = parseHead(objectIn(lines[0] ?? "", 1));
  const events: TraceEvent[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === "") continue;
    if (events.length === MAX_EVENTS) {
      throw new TraceError(`It has more than ${MAX_EVENTS} events`);
    }
    events.push(new Fields(objectIn(line, index + 1), index + 1).event());
  }
  return { ...head, events };
}

function parseHead(line: Record<string, unknown>): TraceHead {
  const fields = new Fields(line, 1);
  if (line.trace !== 1) throw fields.wrong('"trace" must be 1');
  const { framing } = line;
  if (!isFraming(framing)) {
    throw fields.wrong('"framing" must be none, lines or frames');
  }
  return { to: fields.text("to"), framing };
}

function objectIn(line: string, number: number): Record<string, unknown> {
  if (line.length > MAX_LINE) {
    throw new TraceError(
      `Line ${number} is longer than ${MAX_LINE} characters`,
    );
  }
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new TraceError(`Line ${number} is no JSON object`);
}

/** The fields of one line, each checked when it is taken. */
class Fields {
  readonly #line: Record<string, unknown>;
  readonly #number: number;

  constructor(line: Record<string, unknown>, number: number) {
    this.#line = line;
    this.#number = number;
  }

  wrong(what: string): TraceError {
    return new TraceError(`Line ${this.#number}: ${what}`);
  }

  text(name: string): string {
    const value = this.#line[name];
    if (typeof value === "string") return value;
    throw this.wrong(`"${name}" must be a text`);
  }

  number(name: string): number {
    const value = this.#line[name];
    if (typeof value !== "number" || value < 0) {
      throw this.wrong(`"${name}" must be a number, 0 or more`);
    }
    // `1e999` is a number in JSON, and infinite.
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    throw this.wrong(`"${name}" is more than ${Number.MAX_SAFE_INTEGER}`);
  }

  whole(name: string): number {
    const value = this.number(name);
    if (Number.isSafeInteger(value)) return value;
    throw this.wrong(`"${name}" must be a whole number`);
  }

  side(name: string): Side {
    const value = this.text(name);
    if (value === "client" || value === "server") return value;
    throw this.wrong(`"${name}" must be client or server`);
  }

  sideOrWire(name: string): Side | "wire" {
    return this.#line[name] === "wire" ? "wire" : this.side(name);
  }

  held(): { held?: true } {
    return this.#line.held === true ? { held: true } : {};
  }

  bytes(): Uint8Array {
    if (this.#line.base64 === undefined) {
      return new TextEncoder().encode(this.text("text"));
    }
    const base64 = this.text("base64");
    try {
      return Uint8Array.fromBase64(base64);
    } catch {
      throw this.wrong('"base64" is not base64');
    }
  }

  event(): TraceEvent {
    const at = this.number("at");
    const conn = this.whole("conn");
    return { at, conn, ...this.#happening() };
  }

  #happening(): Happening {
    const kind = this.text("kind");
    switch (kind) {
      case "connect":
        return {
          kind,
          client: this.text("client"),
          server: this.text("server"),
        };
      case "refused":
        return { kind, why: this.text("why") };
      case "chunk":
        return {
          kind,
          from: this.side("from"),
          bytes: this.bytes(),
          ...this.held(),
        };
      case "piece":
      case "lost":
        return { kind, from: this.side("from"), bytes: this.bytes() };
      case "end":
        return {
          kind,
          from: this.side("from"),
          by: this.sideOrWire("by"),
          ...this.held(),
        };
      case "reset":
        return { kind, by: this.sideOrWire("by") };
      case "close":
        return { kind };
      case "note":
        return { kind, note: this.text("note") };
      case "dropped":
        return { kind, events: this.whole("events") };
      default:
        throw this.wrong(
          `"kind" is unknown: ${JSON.stringify(kind.slice(0, 20))}`,
        );
    }
  }
}
