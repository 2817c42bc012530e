/**
 * What the server of exercise 02 answers to a line, however it comes.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { letters } from "../grader/random.ts";
import { bytesOf } from "../grader/wire.ts";
import { exchange, sendInTwoReads, served } from "./turn.ts";

const EXERCISE = "README.md#exercise";
const LUCK = "README.md#it-works-by-luck";

const EMPTY = "ERROR: Empty message\n";
const TOO_LONG = "ERROR: Message too long\n";

/** Lines and their replies. */
export const lineChecks: Check[] = [
  {
    name: "acknowledges a line",
    hint: 'A line gets "ACK: ", the line itself and a newline in reply',
    about: "A protocol is what two programs have agreed on: here one line " +
      "asks, and one line answers.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      await target.serve();
      await served(target);
    },
  },
  {
    name: "answers line after line on one connection",
    hint: "Read again after a reply, until conn.read returns null",
    about: "A connection goes on until one side ends it, and carries as " +
      "many requests as the two sides like.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      for (let round = 0; round < 5; round++) {
        await exchange(client, target.random);
      }
    },
  },
  {
    name: "says that a line is empty, and goes on",
    hint: 'A line is empty if line.trim() === "". Answer that with ' +
      `${JSON.stringify(EMPTY)}, and leave the connection open`,
    about: "What is wrong with one request is said in its reply. The " +
      "connection has nothing to do with it.",
    page: EXERCISE,
    step: 3,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      for (const line of ["", "\r", "   ", " \t "]) {
        await client.send(`${line}\n`);
        await client.expect(EMPTY);
      }
      await exchange(client, target.random);
    },
  },
  {
    name: "takes 100 characters and refuses 101, in any script",
    hint: "100 characters are not too long yet, 101 are, and then the next " +
      "line gets its reply as before",
    about: "A character of UTF-8 is one to four bytes. A length in bytes is " +
      "another number than one in characters.",
    page: EXERCISE,
    step: 3,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const { random } = target;
      for (const script of ["abc", "äжλ", "€日한", "😀🚀🌍"]) {
        const text = Array.from(
          { length: 101 },
          () => random.pick([...script]),
        );
        const cause = script === "abc" ? {} : {
          cause: "Something else than characters was counted: bytes, or what " +
            "line.length counts. [...line].length counts characters",
        };
        await client.send(`${text.slice(1).join("")}\n`);
        await client.expect(`ACK: ${text.slice(1).join("")}\n`, cause);
        await client.send(`${text.join("")}\n`);
        await client.expect(TOO_LONG, cause);
      }
      await exchange(client, random);
    },
  },
  {
    name: "drops one CR at the end of a line, and nothing else",
    hint: "Take off one \\r that is the last character of the line. Blanks " +
      "and a \\r within the line belong to it",
    about: "Some programs end a line with two bytes, CR and LF. They may " +
      "come in two reads.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const { random } = target;
      const word = random.word();
      await client.send(`${word}\r\n`);
      await client.expect(`ACK: ${word}\n`);
      const lines = [`  ${word} `, `${word}\t`, `${word}\r${random.word()}`];
      for (const line of lines) {
        await client.send(`${line}\n`);
        await client.expect(`ACK: ${line}\n`);
      }
      await sendInTwoReads(
        client,
        random,
        bytesOf(`${word}\r`),
        bytesOf("\n"),
      );
      await client.expect(`ACK: ${word}\n`);
    },
  },
  {
    name: "answers every line that came in one piece",
    hint: "One read may bring many lines: take them out one by one, as long " +
      "as there is a newline",
    about: "TCP keeps the bytes and their order. Where one write ended and " +
      "the next began, it does not know.",
    page: LUCK,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const { random } = target;
      // Few enough for one read at first, and then for many.
      for (const count of [random.integer(20, 40), 500]) {
        const words = Array.from({ length: count }, () => random.word());
        await client.send(words.map((word) => `${word}\n`).join(""));
        await client.expect(words.map((word) => `ACK: ${word}\n`).join(""));
      }
    },
  },
  {
    name: "puts a line together, wherever it was cut",
    hint: "Keep what has no newline yet, and put the next read behind it. " +
      "One decoder for the whole connection keeps half a character as well: " +
      "decoder.decode(bytes, { stream: true })",
    about: "A read brings what has arrived by now: a part of a line, or a " +
      "part of a character.",
    page: LUCK,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const { random } = target;
      const line = `${random.word()} ä€😀 ${random.word()}`;
      const wire = bytesOf(`${line}\n`);
      for (let cut = 1; cut < wire.length; cut++) {
        const [first, second] = [wire.subarray(0, cut), wire.subarray(cut)];
        await sendInTwoReads(client, random, first, second);
        await client.expect(`ACK: ${line}\n`);
      }
      for (const pieces of ["bytes", random.cut(wire, 9)] as const) {
        await client.send(wire, { pieces });
        await client.expect(`ACK: ${line}\n`);
      }
    },
  },
  {
    name: "answers a line of 65 536 bytes with one error",
    hint: "A line is too long or not when its newline has come. Until then " +
      "collect it, over as many reads as it takes",
    about: "The size of the buffer is how much one read may bring. How long " +
      "a line may be is another question.",
    page: LUCK,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      await client.send(`${letters(target.random, 65_536)}\n`);
      await client.expect(TOO_LONG);
      await exchange(client, target.random);
    },
  },
];
