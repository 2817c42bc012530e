/**
 * What the client of exercise 07 sends, and what it prints.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Check } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import { letters } from "../grader/random.ts";
import { untilStuck } from "../grader/stuck.ts";
import {
  begin,
  exchange,
  expectMessage,
  expectPrinted,
  secondsNow,
  serverTime,
} from "./talk.ts";

const HOW = "README.md#how-it-works";
const EXERCISE = "README.md#exercise";

/** The checks of step 1 and of the printed line, with replies in one piece. */
export const lineChecks: Check[] = [
  {
    name: "sends the time, a colon and the line, and nothing else",
    hint:
      "The message is there already, as bytes. conn.write(message) sends it",
    about: "A socket carries bytes, exactly those that are written to it. No " +
      "newline comes with them unless you send one.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      const [first, second] = [random.word(), random.word()];
      await program.type(`${first}\n`);
      const message = await expectMessage(talk, first);
      await server.send(`${serverTime(random)}:${message}`);
      await program.type(`${second}\n`);
      await expectMessage(talk, second, {
        cause:
          "Something was sent behind the line before, or the reply to it " +
          "was not read: a message ends with its line, without a newline",
      });
    },
  },
  {
    name: "prints the reply, with the time when it was there",
    hint: "When the reply is complete, decode it and print it: " +
      "console.log(`${now()}:${reply}`)",
    about:
      "The time of sending and that of the reply's arrival come from one " +
      "clock, so their difference means something: the round trip.",
    page: HOW,
    step: 4,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      const line = random.word();
      await program.type(`${line}\n`);
      const message = await expectMessage(talk, line);
      await delay(40); // So that its two times differ.
      const before = secondsNow();
      const reply = `${serverTime(random)}:${message}`;
      await server.send(reply);
      const time = await expectPrinted(talk, reply);
      // Some round what they print.
      if (Number(time) > Number(before) - 0.02) return;
      throw new CheckFailure("The printed time is before the reply", {
        shown: [
          `expected  ${before} or later`,
          `printed   ${time}`,
        ],
        cause: "Take the time anew when the reply is complete",
      });
    },
  },
  {
    name: "sends every line as it is",
    hint: "An empty line is a line, blanks and colons belong to it, and so " +
      "does the last one without its newline",
    about:
      "The program at the other end gets what you send. What you tidy up " +
      "on the way it can never know.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      const word = () => random.word();
      for (
        const line of [
          "",
          `  ${word()}  ${word()} `,
          `${word()}:${word()}:`,
          "",
        ]
      ) {
        await exchange(talk, { line });
      }
      const last = word();
      await program.type(last);
      await program.endInput();
      const message = await expectMessage(talk, last);
      const reply = `${serverTime(random)}:${message}`;
      await server.send(reply);
      await expectPrinted(talk, reply);
    },
  },
  {
    name: "sends a message of megabytes whole",
    hint: "conn.write returns how many bytes it took. Write the others as " +
      "well, until none is left",
    about: "One write takes what the system has room for. The rest is yours " +
      "to send, when the other side has read some of it.",
    page: HOW,
    step: 1,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      server.stopReading();
      const line = letters(random, 6_000_000 + random.integer(0, 999));
      await program.type(`${line}\n`);
      await untilStuck(server, target.patience);
      server.readAgain();
      await expectMessage(talk, line);
    },
  },
  {
    name: "says goodbye with the byte 0xFF, closes and ends",
    hint: "Behind the loop: conn.write(new Uint8Array([0xff])), then " +
      "conn.close()",
    about: "0xFF is a byte that UTF-8 text never contains. As text it would " +
      "be two other bytes.",
    page: HOW,
    step: 5,
    async run(target) {
      for (const lines of [0, 2]) {
        const talk = await begin(target);
        const { program, server } = talk;
        for (let count = 0; count < lines; count++) await exchange(talk);
        await program.endInput();
        await server.expect(new Uint8Array([0xff]));
        await server.expectEnd();
        await server.close();
        await program.expectExit(0);
      }
    },
  },
  {
    name: "prints one line for each reply, and nothing else",
    hint: "What you want to see besides goes to console.error",
    about: "Standard output is for other programs, too. Whoever reads it " +
      "relies on what is there, line by line.",
    page: EXERCISE,
    step: 4,
    async run(target) {
      const talk = await begin(target);
      const { program, server } = talk;
      const count = 3;
      for (let round = 0; round < count; round++) await exchange(talk);
      await program.endInput();
      server.halfClose();
      await program.expectExit(null);
      if (program.printed.length === count) return;
      throw program.failure(
        `The program has printed ${program.printed.length} lines, ` +
          `and has got ${count} replies`,
        program.lastPrinted,
      );
    },
  },
];
