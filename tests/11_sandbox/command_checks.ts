/**
 * The commands that a learner may choose in exercise 11.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Check } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import { needCommand } from "./choice.ts";
import { type Guest, inRoom, type Room } from "./room.ts";

const COMMANDS_PAGE = "README.md#commands";
const EXERCISE = "README.md#exercise";

/** How far two clocks of one network are apart at most, in milliseconds. */
const CLOCKS_APART = 5 * 60_000;

/** Between two questions for the time, in milliseconds. */
const PAUSE = 60;

/** By how much a clock may be coarse, in milliseconds. */
const COARSE = 20;

/** Asks for the time. */
async function timeOf(guest: Guest): Promise<{ time: number; line: string }> {
  await guest.say("/time");
  const [line, text = ""] = await guest.peer.expectLine(
    /^SERVER: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/,
    'the time, as in "SERVER: 2026-03-01T13:10:26.512Z"',
  );
  return { time: Date.parse(text), line };
}

/** Asks for the last messages; returns them without what comes behind. */
async function last(guest: Guest, count: number): Promise<string[]> {
  await guest.say(`/last ${count}`);
  for (const lines: string[] = [];;) {
    const [line] = await guest.peer.expectLine(
      /^(?:SERVER: end|[^ ].*: .*)$/,
      'a message, as "NAME: TEXT", or "SERVER: end"',
    );
    if (line === "SERVER: end") return lines;
    lines.push(line);
  }
}

/** Somebody says words, one after the other, and all others hear each of them. */
async function sayAll(room: Room, speaker: Guest, count: number) {
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const word = room.target.random.word();
    await speaker.say(word);
    const line = `${speaker.name}: ${word}`;
    await room.hearAll(line, { except: speaker });
    lines.push(line);
  }
  return lines;
}

/** What each command does. Those that were not chosen are skipped. */
export const commandChecks: Check[] = [
  {
    name: "/count: how many clients have a name, at that moment",
    hint: "Count those who have a name now: clients.length. A number of your " +
      "own, counted up and down, has to be right whatever way they leave",
    about: "A connection is open before its first message, and may end in " +
      "many ways. A member is something else than a connection.",
    page: COMMANDS_PAGE,
    step: 4,
    run: (target) =>
      inRoom(target, async (room) => {
        const nameless = await room.connect();
        const host = await room.join();
        await needCommand(host, "/count");
        const count = async (guest: Guest) => {
          await guest.say("/count");
          await guest.hear(`SERVER: ${room.guests.length} here`);
        };
        await count(host);
        const second = await room.join();
        const third = await room.join();
        await count(second);
        await third.peer.reset();
        await room.left(third);
        await count(host);
        await count(await room.join(room.newName(), nameless));
        for (const guest of room.guests) await room.talk(guest);
      }),
  },
  {
    name: "/time: the time of the server, in UTC",
    hint: "new Date().toISOString(), made anew whenever somebody asks",
    about: "A time without a time zone means something else in every place. " +
      "So programs tell each other the time in UTC.",
    page: EXERCISE,
    step: 4,
    run: (target) =>
      inRoom(target, async (room) => {
        const guest = await room.join();
        await needCommand(guest, "/time");
        const first = await timeOf(guest);
        const apart = first.time - Date.now();
        if (Math.abs(apart) > CLOCKS_APART) {
          throw new CheckFailure(
            `The time is ${Math.round(apart / 60_000)} minutes off`,
            {
              shown: [
                `expected  about "SERVER: ${new Date().toISOString()}"`,
                `received  "${first.line}"`,
              ],
              cause:
                "The Z stands for UTC, and local time is another. Or the " +
                "clock of one of the two machines is wrong",
            },
          );
        }
        await delay(PAUSE);
        const second = await timeOf(guest);
        const passed = second.time - first.time;
        if (passed < PAUSE - COARSE) {
          throw new CheckFailure(
            `After ${PAUSE} ms the time is ${passed} ms later`,
            {
              shown: [
                `received  "${first.line}"`,
                `then      "${second.line}"`,
              ],
            },
          );
        }
        const other = await room.join();
        await timeOf(guest);
        await room.talk(guest);
        await room.talk(other);
      }),
  },
  {
    name: "/roll: one number by chance, the same for everybody",
    hint: "Roll once, make one line of it, and send that line to the sender " +
      "and to all others",
    about: "What everybody is to see alike the server decides once. Clients " +
      "that roll themselves see different things.",
    page: COMMANDS_PAGE,
    step: 4,
    run: (target) =>
      inRoom(target, async (room) => {
        const host = await room.join();
        await needCommand(host, "/roll");
        await room.join();
        await room.join();
        const numbers = new Set<string>();
        for (let round = 0; round < 4; round++) {
          for (const guest of room.guests) {
            await guest.say("/roll");
            const [line, number = ""] = await guest.peer.expectLine(
              new RegExp(`^SERVER: ${guest.name} rolled ([1-6])$`),
              `"SERVER: ${guest.name} rolled N", N from 1 to 6`,
            );
            numbers.add(number);
            await room.hearAll(line, { except: guest });
          }
        }
        if (numbers.size > 1) return;
        // Once in 363 million times that is chance.
        throw new CheckFailure(`Whoever rolls gets ${[...numbers]}`, {
          cause: "The number has to be another one by chance: 1 + " +
            "Math.floor(6 * Math.random())",
        });
      }),
  },
  {
    name: "/msg: to one alone, by its whole name, with all of the text",
    hint: "NAME ends at the first space, and TEXT is all that follows it. " +
      "Find the one client whose name is NAME, and tell it alone",
    about: "A connection is between two. Who else hears of what comes over " +
      "it is for the server to decide.",
    page: COMMANDS_PAGE,
    step: 4,
    run: (target) =>
      inRoom(target, async (room) => {
        const { random } = target;
        const host = await room.join();
        await needCommand(host, "/msg");
        const second = await room.join();
        const third = await room.join();
        for (const [from, to] of [[host, second], [second, third]] as const) {
          const text = `${random.word()}  ${random.word()}: ${random.word()}`;
          await from.say(`/msg ${to.name} ${text}`);
          await to.hear(`${from.name} to you: ${text}`, {
            cause: "TEXT is all that follows the space behind NAME, as it came",
          });
        }
        // Had anybody else heard something, it would come before this.
        for (const guest of room.guests) await room.talk(guest);
        await third.peer.close();
        await room.left(third);
        for (const name of [third.name, `${second.name}x`]) {
          await host.say(`/msg ${name} ${random.word()}`);
          await host.hear(`SERVER: nobody is called ${name}`);
        }
        await room.talk(second);
      }),
  },
  {
    name: "/last: the messages that were said last, the oldest first",
    hint: "Keep every message as it was sent, NAME: TEXT, and no command. " +
      "slice(-N) is the last N, or all if there are fewer",
    about: "TCP delivers to those who are there. Whoever comes later gets " +
      "what the server has kept, and has to ask for it.",
    page: COMMANDS_PAGE,
    step: 4,
    run: (target) =>
      inRoom(target, async (room) => {
        const host = await room.join();
        await needCommand(host, "/last");
        // A server that runs already may know more than this check.
        const said = await last(host, 10);
        const second = await room.join();
        const lastAre = async (guest: Guest, count: number) => {
          await guest.say(`/last ${count}`);
          await guest.hear([...said.slice(-count), "SERVER: end"]);
        };
        const refused = async (guest: Guest, what: string) => {
          await guest.say(`/last ${what}`);
          await guest.hear("SERVER: usage /last N", {
            cause: "N is a whole number from 1 to 10, and nothing else",
          });
        };
        said.push(...await sayAll(room, second, 2));
        said.push(...await sayAll(room, host, 2));
        await refused(second, target.random.word());
        said.push(...await sayAll(room, second, 2));
        await second.peer.close();
        await room.left(second);

        const third = await room.join();
        await lastAre(third, 10);
        await lastAre(third, 2);
        await refused(third, "11");
        said.push(...await sayAll(room, third, 2));

        const fourth = await room.join();
        said.push(...await sayAll(room, fourth, 3));
        await lastAre(fourth, 10);
        await refused(fourth, "0");
      }),
  },
];
