/**
 * What clients have to do, and to get, so that a server sees again what it saw
 * in a trace.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { type Trace, TraceError, type TraceEvent } from "./trace.ts";

/** Something that a client does, or waits for. */
export type Action =
  | { does: "send" | "expect"; bytes: Uint8Array }
  | { does: "connect" | "halfClose" | "reset" | "close" }
  | { does: "expectEnd" | "expectReset" }
  /** Words between the steps. */
  | { does: "say"; words: string };

/** One step. */
export type Step = Action & {
  /** The number of the connection. */
  conn: number;
  /** Milliseconds since the trace began. */
  at: number;
};

/** The most events and bytes that a test is made of: a person has to read it. */
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * The steps of a trace, in its order.
 *
 * What a client sends is what has reached the server: where the wire has cut or
 * merged it, the pieces. What it expects is what the server has sent, whatever
 * became of that on its way. What the server sends between two actions of the
 * clients is one step for each connection, because reads cut it anew each time.
 *
 * @throws {TraceError} If they cannot be done again.
 */
export function stepsOf({ events }: Trace): Step[] {
  refuseTooMuch(events);
  const scripts = new Map<number, Script>();
  const strangers = new Set<number>();
  const steps: Step[] = [];
  for (const event of events) {
    const { at, conn, kind } = event;
    const add = (...actions: Action[]) =>
      steps.push(...actions.map((action) => ({ at, conn, ...action })));
    const script = scripts.get(conn);
    if (kind === "note") {
      add({ does: "say", words: `Note: ${event.note}` });
    } else if (kind === "dropped") {
      add({ does: "say", words: `${event.events} older events are missing.` });
    } else if (kind === "refused") {
      const words = `Client ${conn} is left out: the server was not there.`;
      add({ does: "say", words });
    } else if (script !== undefined) {
      add(...script.take(event));
    } else if (strangers.has(conn)) {
      continue;
    } else if (kind === "connect") {
      scripts.set(conn, new Script());
      add({ does: "connect" });
    } else {
      strangers.add(conn);
      const words = `Client ${conn} is left out: its beginning is missing.`;
      add({ does: "say", words });
    }
  }
  if (scripts.size === 0) {
    throw new TraceError("No connection is in the trace from its beginning");
  }
  const open = [...scripts].filter(([, { over }]) => !over);
  const at = events.at(-1)?.at ?? 0;
  for (const [index, [conn]] of open.entries()) {
    const words = "Still open at the end of the trace.";
    if (index === 0) steps.push({ at, conn, does: "say", words });
    steps.push({ at, conn, does: "close" });
  }
  return merged(steps);
}

function refuseTooMuch(events: TraceEvent[]): void {
  if (events.length > MAX_EVENTS) {
    throw new TraceError(
      `It has ${events.length} events: a test is made of ${MAX_EVENTS} at most`,
    );
  }
  const bytes = events.reduce(
    (sum, event) => sum + ("bytes" in event ? event.bytes.length : 0),
    0,
  );
  if (bytes > MAX_BYTES) {
    throw new TraceError(
      `It has ${bytes} bytes: a test is made of ${MAX_BYTES} at most`,
    );
  }
}

/** One connection: what its events mean for the client. */
class Script {
  /** How many bytes of the client the wire still holds. */
  #held = 0;
  #clientEnded = false;
  #halfClosed = false;
  #serverEnded = false;
  /** Whether nothing is open any more. */
  over = false;

  /** What the next event means. */
  take(event: TraceEvent): Action[] {
    if (this.over) return [];
    const actions = "bytes" in event
      ? this.#bytes(event)
      : this.#happening(event);
    // The end comes after what was still on its way.
    if (this.#clientEnded && this.#held <= 0 && !this.#halfClosed) {
      this.#halfClosed = true;
      if (!this.over) actions.push({ does: "halfClose" });
    }
    this.over ||= this.#halfClosed && this.#serverEnded;
    return actions;
  }

  #bytes(event: Extract<TraceEvent, { bytes: Uint8Array }>): Action[] {
    const { kind, from, bytes, conn } = event;
    if (bytes.length === 0) return [];
    if (from === "server") {
      return kind === "chunk" ? [{ does: "expect", bytes }] : [];
    }
    if (kind === "chunk" && event.held) {
      this.#held += bytes.length;
      return [];
    }
    if (kind !== "chunk") this.#held -= bytes.length;
    if (kind !== "lost") return [{ does: "send", bytes }];
    // After the end, a client may have gone on: the server knows nothing of it.
    if (this.#clientEnded) return [];
    throw new TraceError(
      `The wire has lost bytes of client ${conn}, which TCP never does`,
    );
  }

  #happening(event: TraceEvent): Action[] {
    switch (event.kind) {
      case "end":
        if (event.from === "client") this.#clientEnded = true;
        // If the wire told the client so, it was not the server's doing.
        if (event.from === "client" || event.by === "wire") return [];
        this.#serverEnded = true;
        return [{ does: "expectEnd" }];
      case "reset":
        this.over = true;
        if (event.by !== "server") return [{ does: "reset" }];
        // Nobody reads after the end, so a reset after it may go unseen.
        return [{ does: this.#serverEnded ? "close" : "expectReset" }];
      case "close":
        this.over = true;
        return [{ does: "close" }];
      default:
        return [];
    }
  }
}

/** Puts together what comes from the server in one go. */
function merged(steps: Step[]): Step[] {
  const all: Step[] = [];
  const coming = new Map<number, Step[]>();
  const flush = () => {
    for (const own of coming.values()) all.push(...joined(own));
    coming.clear();
  };
  for (const step of steps) {
    if (step.does.startsWith("expect")) {
      const own = coming.get(step.conn) ?? [];
      own.push(step);
      coming.set(step.conn, own);
    } else {
      flush();
      all.push(step);
    }
  }
  flush();
  return all;
}

/** Makes one step of all the bytes that one connection expects in a row. */
function joined(own: Step[]): Step[] {
  const [first] = own;
  if (first?.does !== "expect") return own;
  const chunks = own.flatMap((step) => "bytes" in step ? [step.bytes] : []);
  const others = own.filter(({ does }) => does !== "expect");
  return [{ ...first, bytes: concat(chunks) }, ...others];
}
