/**
 * A test that is made of a trace: a bug that was seen once is looked for from
 * then on.
 *
 * @module
 */
import { columnsOf } from "../../lib/graphemes.ts";
import type { Framing } from "./framing.ts";
import { Literals, quote, shorten } from "./literals.ts";
import replay from "./replay.ts" with { type: "text" };
import { type Step, stepsOf } from "./replay_steps.ts";
import { type Trace, TraceError } from "./trace.ts";

/** How wide a line of code may be, as `deno fmt` has it. */
const WIDTH = 80;

/** The longest name of a test, in columns. */
const MAX_TITLE = 44;

/** The pauses between two clients, in milliseconds. */
const MIN_PAUSE = 10;
const MAX_PAUSE = 100;

/**
 * The text of a test that does again what the clients of a trace have done, and
 * expects of a server what the server of the trace has done. It needs nothing
 * but Deno.
 *
 * @param trace What was recorded.
 * @param name What the test is called.
 * @throws {TraceError} If it cannot be done again.
 */
export function testOf(trace: Trace, name: string): string {
  const host = hostOf(trace.to);
  const lines = new Writer(trace.framing).lines(stepsOf(trace));
  const { imports, body } = embedded();
  return `/**
 * A conversation with a server, as it was recorded: the clients send again what
 * they sent, and the server has to answer what it answered.
 *
 * Start the server. Then, with the name of this file:
 *
 *   deno test -N=${host} FILE
 *
 * If the server listens somewhere else now:
 *
 *   deno test -N=${host} FILE -- --to ${host}:6000
 *
 * Each step is a line: edit them. What is different every time, as a clock or a
 * port in an answer, cannot stay as it is.
 */
${imports}
${call("const to = addressOf", [quote(trace.to)])}

/** What a test leaves open is a failure, too. */
const strict = { sanitizeOps: true, sanitizeResources: true };

Deno.test(${titleOf(name)}, strict, async () => {
${lines.join("\n")}
});

// What the steps are made of. It can stay as it is.

${body}`;
}

/** A name that leaves room on its line. */
function titleOf(name: string): string {
  let title = quote(shorten(name, MAX_TITLE) || "trace");
  for (let length = MAX_TITLE; columnsOf(title) > MAX_TITLE; length--) {
    title = quote(shorten(name, length));
  }
  return title;
}

function hostOf(to: string): string {
  const [, host] = to.match(/^(\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/i) ?? [];
  if (host !== undefined) return host;
  throw new TraceError(`Its server is no HOST:PORT: ${quote(to)}`);
}

/** The text of the module that does the steps, as it stands within a test. */
function embedded(): { imports: string; body: string } {
  const text = replay.replaceAll("\r\n", "\n");
  const parts = text.match(/^\/\*\*[^]*?\*\/\n(import [^;]+;\n)\n([^]+)$/);
  const [, imports, body] = parts ?? [];
  if (imports === undefined || body === undefined) {
    throw new Error("replay.ts does not begin with a comment and one import");
  }
  return { imports, body: body.replace(/^export /gm, "") };
}

/** Writes steps as lines of code. */
class Writer {
  readonly #framing: Framing;
  /** One for each direction of each connection: it knows where messages begin. */
  readonly #literals = new Map<string, Literals>();

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  lines(steps: Step[]): string[] {
    const lines: string[] = [];
    /** What a client has done, as long as nothing has come after it. */
    let last: Step | undefined;
    let twice = false;
    for (const [index, step] of steps.entries()) {
      const acts = ["connect", "send", "halfClose", "reset"].includes(
        step.does,
      );
      if (acts && last !== undefined && last.conn !== step.conn) {
        lines.push(`  await client${last.conn}.pause(${pauseOf(last, step)});`);
      }
      if (step.does === "send" && last?.does === "send" && !twice) {
        twice = last.conn === step.conn;
        if (twice) lines.push("  // On their way, two sends can become one.");
      }
      if (step.does === "connect" && index > 0) lines.push("");
      lines.push(this.#line(step));
      if (step.does === "connect" || step.does.startsWith("expect")) {
        last = undefined;
      } else if (acts) last = step;
    }
    return lines;
  }

  #line(step: Step): string {
    const client = `client${step.conn}`;
    switch (step.does) {
      case "connect":
        return `  await using ${client} = ` +
          `await connect(to, "client ${step.conn}");`;
      case "say":
        return `  // ${shorten(step.words, 72)}`;
      case "send":
      case "expect": {
        const direction = `${step.conn} ${step.does}`;
        const literals = this.#literals.get(direction) ??
          new Literals(this.#framing);
        this.#literals.set(direction, literals);
        const { few, many } = literals.of(step.bytes);
        return call(`  await ${client}.${step.does}`, few, many);
      }
      default:
        return `  await ${client}.${step.does}();`;
    }
  }
}

/** How long the server has between two clients, in milliseconds. */
function pauseOf(last: Step, next: Step): number {
  const gap = Math.ceil(next.at - last.at);
  return gap > MIN_PAUSE ? Math.min(gap, MAX_PAUSE) : MIN_PAUSE;
}

/** A call on one line, or with a line for each of `many`. */
function call(head: string, few: string[], many = few): string {
  const line = `${head}(${few.join(", ")});`;
  if (columnsOf(line) <= WIDTH) return line;
  const [margin = ""] = head.match(/^ */) ?? [];
  const lines = many.map((argument) => `${margin}  ${argument},`);
  return [`${head}(`, ...lines, `${margin});`].join("\n");
}
