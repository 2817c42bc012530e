/**
 * The server's part in a talk with a timestamp client, for the checks.
 *
 * @module
 */
import { causeIn } from "../grader/cause.ts";
import { CheckFailure } from "../grader/failure.ts";
import type { ExpectOptions, Peer } from "../grader/peer.ts";
import type { RunningProgram } from "../grader/program.ts";
import type { Random } from "../grader/random.ts";
import { compare, show } from "../grader/show.ts";
import type { Target } from "../grader/target.ts";

/** How far from ours the clock of a program may be, in seconds. */
const CLOCKS_APART = 600;

/** A client that has connected. */
export interface Talk {
  program: RunningProgram;
  /** The grader's end of its connection. */
  server: Peer;
  random: Random;
}

/** Starts the client and waits until it has connected. */
export async function begin(target: Target): Promise<Talk> {
  const listener = await target.listen();
  const program = target.run(listener);
  const server = await listener.accept();
  return { program, server, random: target.random };
}

/**
 * Waits for the message with `line` in it. What follows it stays for the next
 * expectation.
 *
 * @returns The message: the time, a colon and the line.
 */
export async function expectMessage(
  { server }: Talk,
  line: string,
  options: ExpectOptions = {},
): Promise<string> {
  const [time] = await server.expectUpTo(
    ":",
    /^\d+(\.\d+)?$/,
    "the time in seconds, and a colon",
    options,
  );
  const apart = Math.abs(Number(time) - Date.now() / 1000);
  if (apart > CLOCKS_APART) {
    throw new CheckFailure(`The message says the time is ${time}`, {
      shown: [`expected  the time now, some ${secondsNow()}`],
      cause: "The time is the seconds since the beginning of 1970. The stub " +
        "has a function for it: now()",
    });
  }
  await server.expect(line);
  return `${time}:${line}`;
}

/** The time now as the exercise writes it. */
export function secondsNow(): string {
  return (Date.now() / 1000).toFixed(6);
}

/** A server's time, as long as that of the course's server. */
export function serverTime(random: Random): string {
  const seconds = random.integer(1_000_000_000, 1_999_999_999);
  return `${seconds}.${random.integer(100_000, 999_999)}`;
}

/** Waits for the line that the program prints for `reply`. Returns its time. */
export async function expectPrinted(
  { program, server }: Talk,
  reply: string,
): Promise<string> {
  const quoted = reply.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?):${quoted}$`);
  try {
    const [, time = ""] = await program.expectPrinted(
      pattern,
      "the time, a colon and the reply",
    );
    return time;
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    const more = server.unexpected;
    const cause = more.length === 0
      ? undefined
      : `It has sent ${show(more)} behind the message, and waits for the echo`;
    const last = program.printed.at(-1);
    if (last === undefined) {
      const expected = show(new TextEncoder().encode(reply));
      throw program.failure(
        error.message,
        [`expected  TIME:${expected}`],
        cause,
      );
    }
    // The time in front is the program's own, and is not compared.
    const due = new TextEncoder().encode(reply);
    const came = new TextEncoder().encode(last.replace(/^\d+(\.\d+)?:/, ""));
    const shown = compare(due, came)
      .map((line) => line.replace(/^received/, "printed "));
    throw program.failure(error.message, shown, cause ?? causeIn(due, came));
  }
}

/** Options of {@linkcode exchange}. */
export interface ExchangeOptions {
  /** What the line is; a random word unless given. */
  line?: string;
  /** The server's time; one of the usual length unless given. */
  time?: string;
  /** Into which pieces the reply is cut; it is one unless given. */
  pieces?: (reply: Uint8Array) => Uint8Array[] | "bytes";
}

/**
 * Gives the program a line, waits for its message, replies, and waits until the
 * reply is printed.
 */
export async function exchange(
  talk: Talk,
  options: ExchangeOptions = {},
): Promise<void> {
  const { program, server, random } = talk;
  const { line = random.word(), time = serverTime(random), pieces } = options;
  await program.type(`${line}\n`);
  const message = await expectMessage(talk, line);
  const reply = new TextEncoder().encode(`${time}:${message}`);
  await server.send(reply, pieces && { pieces: pieces(reply) });
  await expectPrinted(talk, `${time}:${message}`);
}
