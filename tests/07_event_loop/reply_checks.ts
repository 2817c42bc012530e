/**
 * What the client of exercise 07 does with the replies, however they come.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import { letters } from "../grader/random.ts";
import { show } from "../grader/show.ts";
import {
  begin,
  exchange,
  expectMessage,
  expectPrinted,
  serverTime,
  type Talk,
} from "./talk.ts";

const HOW = "README.md#how-it-works";
const EXERCISE = "README.md#exercise";

/** The checks of steps 2 and 3, with pieces of every size. */
export const replyChecks: Check[] = [
  {
    name: "puts together a reply that comes one byte at a time",
    hint: "Read again and again, until all of the reply is there: the " +
      "server's time, the colon, and message.length bytes",
    about: "One send may need many receives. A read brings what has arrived " +
      "by then, perhaps a part of the time, or the time without its colon.",
    page: HOW,
    step: 2,
    async run(target) {
      const talk = await begin(target);
      for (let round = 0; round < 2; round++) {
        await exchange(talk, { pieces: () => "bytes" });
      }
    },
  },
  {
    name: "puts together a long reply that comes in pieces of any size",
    hint: "The size of the buffer is no limit on the reply: go on reading, " +
      "until all of it is there",
    about: "The network cuts where it likes, and one read returns at most as " +
      "much as the buffer holds.",
    page: HOW,
    step: 2,
    async run(target) {
      const talk = await begin(target);
      for (let round = 0; round < 4; round++) {
        await exchange(talk, {
          line: letters(target.random, target.random.integer(4000, 9000)),
          pieces: (reply) => target.random.cut(reply),
        });
      }
    },
  },
  {
    name: "keeps a character whole that comes in two parts",
    hint: "Count bytes, not characters, and decode the whole reply at the " +
      "end: a part of it may end within a character",
    about: "Text is carried as bytes, and a € is three of them. TCP knows " +
      "nothing of characters, and may cut between any two bytes.",
    page: HOW,
    step: 4,
    async run(target) {
      const talk = await begin(target);
      for (const cut of [1, 2]) {
        const word = target.random.word();
        await exchange(talk, {
          line: `${word}€${target.random.word()}`,
          pieces: (reply) => {
            const at = reply.indexOf(0xe2) + cut;
            return [reply.subarray(0, at), reply.subarray(at)];
          },
        });
      }
    },
  },
  {
    name: "reads a time of any length",
    hint:
      "The server's time ends at the first colon. Look for it, and do not " +
      "count on a number of digits",
    about:
      "A field of no fixed length needs a mark where it ends. Here it is " +
      "the colon.",
    page: HOW,
    step: 2,
    async run(target) {
      const talk = await begin(target);
      const seconds = target.random.integer(1_000_000_000, 1_999_999_999);
      const digits = target.random.integer(100_000_000, 999_999_999);
      for (
        const time of [
          "7",
          `${seconds}`,
          `${seconds}.5`,
          `${seconds}.${digits}`,
        ]
      ) {
        await exchange(talk, { time });
      }
    },
  },
  {
    name: "keeps the beginning of the next reply for the next line",
    hint: "A read may bring more than the reply. Keep the rest of it for the " +
      "next line, or never ask for more than is missing",
    about: "TCP carries a stream. That two things were sent one after the " +
      "other does not keep them apart: one read may bring both.",
    page: HOW,
    step: 3,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      let time = serverTime(random);
      let unsent = `${time}:`;
      for (let round = 0; round < 4; round++) {
        const line = random.word();
        await program.type(`${line}\n`);
        const message = await expectMessage(talk, line);
        // With the end of this reply comes a part of the next time, or all.
        const next = serverTime(random);
        const early = random.integer(1, next.length + 1);
        await server.send(unsent + message + `${next}:`.slice(0, early));
        await expectPrinted(talk, `${time}:${message}`);
        unsent = `${next}:`.slice(early);
        time = next;
      }
    },
  },
  {
    name: "sends the next line only when the reply is complete",
    hint: "A part of a reply is no reply: read on until all of it is there, " +
      "and send nothing meanwhile",
    about:
      "The server takes what one read brings for a message. Two that are " +
      "sent without waiting may get one reply together.",
    page: HOW,
    step: 2,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      const [first, second] = [random.word(), random.word()];
      await program.type(`${first}\n${second}\n`);
      await program.endInput();
      const message = await expectMessage(talk, first);
      const reply = `${serverTime(random)}:${message}`;
      await server.send(reply.slice(0, -1));
      // The last byte never comes. So the end is all that may come back, and
      // what was sent too early stands before it.
      server.halfClose();
      await expectNothingMore(talk);
    },
  },
  {
    name: "ends when the server has gone, and prints no part of a reply",
    hint: "When conn.read returns null, no more will come: leave the loop, " +
      "print nothing, close the connection",
    about: "null is the end of the stream, not an empty message. To read " +
      "again brings null again, for ever.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      const talk = await begin(target);
      const { program, server, random } = talk;
      await exchange(talk);
      const line = random.word();
      await program.type(`${line}\n`);
      const message = await expectMessage(talk, line);
      const reply = `${serverTime(random)}:${message}`;
      await server.send(reply.slice(0, random.integer(1, reply.length - 1)));
      server.halfClose();
      // What it prints says more than that it goes on, and is known to be all
      // there only at its end.
      const ended = server.expectOver().then(() => program.expectExit(null));
      const failure = await ended.catch((error) => error);
      const printed = program.printed.filter((text) => /^\d.*:/.test(text));
      if (printed.length > 1) {
        throw program.failure(
          "The program has printed something for a reply that was cut off",
          program.lastPrinted,
        );
      }
      if (failure !== undefined) throw failure;
    },
  },
];

/** Waits for the end of the connection, with at most the goodbye before it. */
async function expectNothingMore({ server }: Talk): Promise<void> {
  const bytes = await server.expectOver();
  if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0xff)) return;
  const message = /^\d+(\.\d+)?:/.test(new TextDecoder().decode(bytes));
  throw new CheckFailure(
    message
      ? "The program did not wait for the whole reply"
      : `The program has sent ${show(bytes)} behind its message`,
    {
      shown: [
        "expected  nothing more, or the goodbye ff (hex)",
        `received  ${show(bytes)}`,
      ],
      ...message ? {} : { cause: "A message ends with its line" },
    },
  );
}
