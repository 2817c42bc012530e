/**
 * The limits on time that a learner may choose in exercise 11: so many lines a
 * second, and so many seconds without one.
 *
 * What a program must do depends here on when its lines arrive, and only the
 * program knows that. The grader knows that a line arrived after it was sent,
 * and before its answer came. If that does not tell what is right, because the
 * machine is slow, the check is made again.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Check } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import type { Peer } from "../grader/peer.ts";
import { needLimit } from "./choice.ts";
import { attempt, Guest, inRoom, TooSlow } from "./room.ts";

const LIMITS_PAGE = "README.md#limits";
const SILENCE_PAGE = "README.md#a-limit-on-silence";

const TOO_FAST = "SERVER: too fast";
const TOO_QUIET = "SERVER: too quiet";

/** In milliseconds. */
const SECOND = 1000;

/** What two clocks that run alike may differ by, in milliseconds. */
const COARSE = 20;

/** Goes on only if it is less than `limit` ms since `moment`. */
function sooner(limit: number, moment: number): void {
  if (performance.now() - moment < limit - COARSE) return;
  throw new TooSlow("It has taken too long to say what is right");
}

/** Waits until it is more than `limit` ms since `moment`. */
async function until(limit: number, moment: number): Promise<void> {
  await delay(Math.max(0, moment + limit + COARSE - performance.now()));
}

/** Waits for all tasks, and throws what the first of them has thrown. */
async function all(tasks: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(tasks)) {
    if (result.status === "rejected") throw result.reason;
  }
}

/** What each of these limits does. Those that were not chosen are skipped. */
export const timeChecks: Check[] = [
  {
    name: "rate: no more than N lines in any second, of each client alone",
    hint: "Keep the times of a client's last lines, in the client. A line is " +
      "heard if fewer than N of them are less than a second old",
    about: "A count that begins anew every second lets twice as much pass " +
      "around that moment. A second can begin at any time.",
    page: LIMITS_PAGE,
    step: 3,
    run: (target) =>
      inRoom(target, async (room) => {
        const { random } = target;
        const host = await room.join();
        const count = await needLimit(host, "rate");
        const speaker = new Guest(room.newName(), await room.connect());
        const commands = (length: number) =>
          Array.from({ length }, () => `/x${random.word(4)}`);
        /** Whether the next command was heard. */
        const heard = async (wanted: string) => {
          const [, command] = await speaker.peer.expectLine(
            /^SERVER: (?:too fast|no command (\S+); \/help lists them)$/,
            wanted,
          );
          return command !== undefined;
        };
        const failure = (what: string, cause?: string) =>
          new CheckFailure(
            `${speaker.peer.name} ${what}, and rate=${count}`,
            cause === undefined ? {} : { cause },
          );

        // The name is not counted, and this line is.
        const began = performance.now();
        const first = random.word();
        await speaker.say(speaker.name, first);
        await speaker.hear(`SERVER: Hello ${speaker.name}!`);
        await room.joined(speaker);
        await host.hear(`${speaker.name}: ${first}`);
        const past = performance.now();

        // With these it is N lines, and then there are two more.
        await until(SECOND / 2, past);
        const middle = performance.now();
        const word = random.word();
        await speaker.say(...commands(count - 1), word, ...commands(1));
        for (let line = 2; line <= count; line++) {
          if (await heard("the answer to its command")) continue;
          throw failure(
            `was too fast with ${line} lines`,
            "N lines in a second are not too fast, its name not counted, " +
              "and what others say neither",
          );
        }
        for (let line = 1; line <= 2; line++) {
          const passed = await heard(`"${TOO_FAST}"`);
          sooner(SECOND, began);
          if (passed) throw failure(`was heard ${count + 1} times in a second`);
        }
        await room.talk(host, {
          cause: "One client was too fast, and this is another one",
        });
        sooner(SECOND, began);

        // The first line is a second old, but not the others.
        await until(SECOND, past);
        await speaker.say(...commands(count));
        let lines = count - 1;
        for (let line = 1; line <= count; line++) {
          if (await heard(`"${TOO_FAST}"`)) lines++;
        }
        sooner(SECOND, middle);
        if (lines > count) {
          throw failure(
            `was heard ${lines} times in ` +
              `${Math.ceil(performance.now() - middle)} ms`,
          );
        }
        await room.talk(host);

        await until(SECOND, performance.now());
        await room.talk(speaker, {
          cause: "A second after its last line a client is heard again, and " +
            "nobody has heard the lines that were too fast",
        });
      }),
  },
  {
    name: "silence: N seconds without a whole line, with or without a name",
    hint: "One timer for each client: started with its connection, anew with " +
      "each whole line and not with each byte, cleared when it has gone",
    about: "A peer whose machine is off says nothing, and its connection " +
      "looks as before. Only a limit on time finds that out.",
    page: SILENCE_PAGE,
    step: 5,
    run: (target) =>
      attempt(target, async (room) => {
        const { random } = target;
        let spoke = performance.now();
        const talker = await room.join();
        const seconds = await needLimit(talker, "silence");
        const limit = seconds * SECOND;

        // A timer that goes on without this one must do no harm.
        const leaver = await room.join();
        await leaver.peer.close();
        await room.left(leaver);

        const began = performance.now();
        const nameless = await room.connect();
        const quiet = await room.join();
        const left = `SERVER: ${quiet.name} has left the chat.`;
        let isTold = false;

        /** The talker says something, and has its answer. */
        const talk = async () => {
          const before = spoke;
          const command = `/x${random.word(4)}`;
          const answer = `SERVER: no command ${command}; /help lists them`;
          spoke = performance.now();
          await talker.say(command);
          for (let line = ""; line !== answer;) {
            [line] = await talker.peer.expectLine(
              new RegExp(`^(?:${answer}|${left.replace(".", "\\.")})$`),
              `"${answer}": it has said something all the time`,
            ).catch((error) => {
              sooner(limit, before);
              throw error;
            });
            if (line === left) isTold = true;
          }
        };
        /** The program finds `peer` too quiet, after N seconds. */
        const ended = async (peer: Peer) => {
          await peer.expect(`${TOO_QUIET}\n`, { extra: limit + SECOND });
          const passed = Math.round(performance.now() - began);
          if (passed < limit - COARSE) {
            throw new CheckFailure(
              `${peer.name} was too quiet after ${passed} ms, and ` +
                `silence=${seconds}`,
            );
          }
          await peer.expectOver();
        };
        let isOver = false;
        const ends = all([ended(quiet.peer), ended(nameless)])
          .finally(() => isOver = true);
        const talks = async () => {
          while (!isOver) {
            await nameless.send("x"); // A byte is no line.
            await talk();
            await delay(limit / 8);
          }
        };
        await all([talks(), ends]);
        await talk();
        if (!isTold) await talker.hear(left);
      }),
  },
];
