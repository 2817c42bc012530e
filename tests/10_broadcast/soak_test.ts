/**
 * Load and faults at once, for a while: 500 clients that hear everything, and
 * all kinds that would hurt them if they could.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { printable } from "../../lib/console.ts";
import { within } from "../deadline.ts";
import { close } from "../loopback.ts";
import { startScript } from "../program.ts";
import { peakMemory } from "../usage.ts";
import {
  comeAndReset,
  joinAndSleep,
  Member,
  sayTooMuch,
  START,
  Transcript,
} from "./crowd.ts";
import type { Newcomers } from "./newcomer.ts";

const MEMBERS = 500;
const TALKERS = 10;
const BURST = 50;
const DRIPS = 20;
const SLEEPERS = 20;
const RESETS = 200;
const TOO_MUCH = 5;
const MAX_BACKLOG = 256 * 1024;
/** Lines of each talker: far more than it takes until no sleeper is left. */
const MAX_SAID = 15_000;
/** Deno itself, and for every client the most that its outbox takes. */
const MAX_MEMORY = 120 * 2 ** 20 + (MEMBERS + SLEEPERS) * 2 * MAX_BACKLOG;

/** What the name of each member is, and what it becomes. */
function nameOf(index: number): [name: string, expected: string] {
  if (index < TALKERS) return [`talker${index}`, `talker${index}`];
  const other = index - TALKERS;
  if (other < DRIPS) return [`drip${other}`, `drip${other}`];
  if (other < DRIPS + 50) return ["Twin", "Twin"];
  switch (other - DRIPS - 50) {
    case 0:
      return ["", ""];
    case 1:
      return ["\x1b[2J\x1b]0;title\x07", printable("\x1b[2J\x1b]0;title\x07")];
    case 2:
      return ["n".repeat(10_000), "n".repeat(32)];
    case 3:
      return ["  Ünï €🙂  ", "Ünï €🙂"];
  }
  return [`member${index}`, `member${index}`];
}

/** Runs `tasks` workers that do `work` for the numbers below `count`. */
async function inTurns(
  count: number,
  workers: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: workers }, async () => {
    while (next < count) await work(next++);
  }));
}

/** Everybody joins, ten at a time, and then listens. */
async function gather(port: number, transcript: Transcript): Promise<Member[]> {
  const members: Member[] = [];
  await inTurns(MEMBERS, 10, async (index) => {
    members[index] = await Member.join(port, transcript, ...nameOf(index));
  });
  await members[MEMBERS - 1]?.say([START]);
  return members;
}

/** Goes on saying numbered lines, a byte at a time; returns how many it said. */
async function drip(member: Member, signal: AbortSignal): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    await member.drip(`#${count++}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return count;
}

/** Each talker says `lines`; returns when the first one has heard them all. */
async function speak(
  talkers: Member[],
  transcript: Transcript,
  lines: string[],
): Promise<void> {
  const last = new RegExp(`: ${RegExp.escape(lines.at(-1) ?? "")}$`);
  await Promise.all([
    transcript.next(last, talkers.length),
    ...talkers.map((talker) => talker.say(lines)),
  ]);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Every line that anybody may hear. */
const LINES = [
  /^(?<who>(?:talker|drip)\d+): #(?<number>\d+)(?: x{200})?$/,
  /^(?<who>[a-z]+\d+) has (?<event>joined|left) the chat\.$/,
  /^reset\d+: (?:hello|one|two|three|EXIT|)$/,
  /^member\d+: L{65536}$/,
];

/** What was said, in the order heard. */
interface Account {
  /** The numbers of those who count, by name. */
  counted: Map<string, number[]>;
  /** `joined` and `left`, by name. */
  events: Map<string, string[]>;
}

function accountOf({ lines }: Transcript): Account {
  const account: Account = { counted: new Map(), events: new Map() };
  for (const line of lines) {
    const match = LINES.map((known) => line.match(known)).find(Boolean);
    assert(match, `Nobody has said "${line}"`);
    const { who = "", number, event } = match?.groups ?? {};
    if (number) add(account.counted, who, Number(number));
    if (event) add(account.events, who, event);
  }
  return account;
}

function add<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

Deno.test("500 clients hear everything once and in order, whatever others do to the server", async () => {
  const seed = Math.trunc(Math.random() * 2 ** 32);
  let random = seed;
  const startServer = () =>
    startScript("lessons/10_broadcast/broadcast_server.ts", [
      "--port",
      "0",
      "--max-backlog",
      String(MAX_BACKLOG),
    ]);
  await using server = startServer();
  await using idle = startServer();
  const port = await server.port();
  const transcript = new Transcript();
  const members = await gather(port, transcript);
  const sleepers: Deno.TcpConn[] = [];
  try {
    const start = performance.now();
    await using newcomer = startScript("tests/10_broadcast/newcomer.ts", [
      String(port),
      String(await idle.port()),
    ]);
    const stop = new AbortController();
    const drips = members.slice(TALKERS, TALKERS + DRIPS)
      .map((member) => drip(member, stop.signal));

    let faulting = true;
    const faults = Promise.all([
      inTurns(SLEEPERS, 2, async (index) => {
        sleepers.push(await joinAndSleep(port, `sleeper${index}`));
      }),
      inTurns(RESETS, 5, (index) => {
        random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
        return comeAndReset(port, `reset${index}`, random >>> 16);
      }),
      inTurns(TOO_MUCH, 1, async (index) => {
        const heard = await sayTooMuch(port, `loud${index}`);
        assertEquals(heard.endsWith("\nERROR: Line too long\n"), true, heard);
      }),
      inTurns(2, 1, async () => {
        await members[MEMBERS - 1]?.say(["L".repeat(65_536)]);
      }),
    ]).finally(() => faulting = false);

    const awake = () =>
      SLEEPERS - (server.stdout.text.match(/^sleeper.*slow/gm) ?? []).length;
    const talkers = members.slice(0, TALKERS);
    let said = 0;
    const talk = async () => {
      const burst = upTo(BURST).map(() => `#${said++} ${"x".repeat(200)}`);
      await speak(talkers, transcript, burst);
      const { length } = transcript.lines;
      await Promise.all(members.map((member) => member.hear(length)));
    };
    while (faulting || awake() > 0) {
      assertLess(said, MAX_SAID, `${awake()} sleepers are still there`);
      await talk();
    }
    await faults;
    stop.abort();
    const dripped = await Promise.all(drips);
    await newcomer.endInput();
    const { stdout, stderr } = await newcomer.ending();
    assertEquals(stderr, "");
    const newcomers: Newcomers = JSON.parse(stdout);

    // All that is owed before the end: the last drops, and who has left.
    await talk();
    for (const [index, count] of dripped.entries()) {
      await transcript.has(`drip${index}: #${count - 1}`);
    }
    for (const name of accountOf(transcript).events.keys()) {
      await transcript.has(`${name} has left the chat.`);
    }
    const memory = peakMemory(server.pid);

    // The last words, and the signal as soon as one client has heard them.
    await speak(talkers, transcript, [`#${said++}`]);
    server.kill("SIGTERM");
    const { code, stdout: log, stderr: errors } = await server.ending();
    assertEquals({ code, errors }, { code: 0, errors: "" });
    assertEquals(log.endsWith("\nServer stopped\n"), true);
    await within("all to be told", Promise.all(members.map((m) => m.ended)));
    const seconds = (performance.now() - start) / 1000;

    assertEquals(transcript.difference, null);
    for (const member of members) {
      assertEquals(member.heard, transcript.lines.length);
    }
    const { counted, events } = accountOf(transcript);
    for (const index of talkers.keys()) {
      assertEquals(counted.get(`talker${index}`), upTo(said));
    }
    for (const [index, count] of dripped.entries()) {
      assertEquals(counted.get(`drip${index}`), upTo(count));
    }
    for (const [name, [...happened]] of events) {
      assertEquals(happened, ["joined", "left"], name);
    }
    // A hello within a second, all the while; and what the machine, which may
    // have other things to do, takes for a server without any load.
    assertLess(newcomers.slowestMs, 1000 + 10 * newcomers.slowestIdleMs);
    if (memory !== null) assertLess(memory, MAX_MEMORY);

    const { length } = transcript.lines;
    const deliveries = (length * MEMBERS / 1e6).toFixed(1);
    const slowest = newcomers.slowestMs.toFixed(0);
    const slowestIdle = newcomers.slowestIdleMs.toFixed(0);
    const mebibytes = memory === null ? "?" : (memory / 2 ** 20).toFixed(0);
    console.log(
      `${MEMBERS} clients heard the same ${length} lines in ` +
        `${seconds.toFixed(1)} s (${deliveries} million deliveries) while ` +
        `${SLEEPERS} slept, ${RESETS} reset and ${DRIPS} dripped. ` +
        `${newcomers.count} newcomers waited ${slowest} ms at most for hello ` +
        `(${slowestIdle} ms at a server without load). ` +
        `The server had ${mebibytes} MiB at most. Seed ${seed}`,
    );
  } finally {
    for (const member of members) member.close();
    for (const sleeper of sleepers) close(sleeper);
  }
});
