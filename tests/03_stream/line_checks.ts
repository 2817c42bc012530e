/**
 * How the server of exercise 03 finds the lines, wherever they are cut.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { bytesOf } from "../grader/wire.ts";
import { longLine, Speaker } from "./speaker.ts";

const HOW = "README.md#how-it-works";
const LOOK = "README.md#what-to-look-for";

/** Lines and their numbers. */
export const lineChecks: Check[] = [
  {
    name: "sends a line back with its number",
    hint: 'A line gets its number, ": ", the line itself and a newline in ' +
      "reply: 1: hello",
    about: "A message needs an end that both sides have agreed on. Here it " +
      "is a newline, for the replies too.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      await client.exchange();
    },
  },
  {
    name: "counts on from line to line",
    hint: "One number for the whole connection, outside of the loop that " +
      "reads. And read again after a reply, until conn.read returns null",
    about: "A connection goes on until one side ends it. What the server " +
      "knows of a client lasts as long.",
    page: HOW,
    step: 5,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      for (let round = 0; round < 12; round++) await client.exchange();
    },
  },
  {
    name: "answers every line that came in one piece",
    hint:
      "One read may bring many lines: cut them off one by one, as long as " +
      "there is an LF",
    about: "TCP keeps the bytes and their order. Where one write ended and " +
      "the next began, it does not know.",
    page: LOOK,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      const { random } = target;
      // Few enough for one read at first, and then for many.
      for (const count of [random.integer(20, 40), 2000]) {
        const words = Array.from({ length: count }, () => random.word());
        await client.peer.send(words.map((word) => `${word}\n`).join(""));
        await client.peer.expect(client.replies(...words));
      }
    },
  },
  {
    name: "puts a line together, wherever it was cut",
    hint: "Keep the bytes that have no LF yet, and put the next read behind " +
      "them",
    about: "A read brings what has arrived by now. The rest of the line " +
      "comes with the next one, or the one after that.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      const { random } = target;
      const line = `${random.word()} ${random.word()}`;
      const wire = bytesOf(`${line}\n`);
      for (let cut = 1; cut < wire.length; cut++) {
        await client.exchangeCut(line, wire, cut);
      }
      for (const pieces of ["bytes", random.cut(wire, 9)] as const) {
        await client.peer.send(wire, { pieces });
        await client.peer.expect(client.replies(line));
      }
      const long = longLine(random, 20_000);
      await client.peer.send(`${long}\n`);
      await client.peer.expect(client.replies(long));
    },
  },
  {
    name: "keeps a character whole that was cut in two",
    hint:
      "Keep bytes, not text. Decode a line when it is whole, and not what " +
      "a read has brought",
    about:
      "A character of UTF-8 is one to four bytes. A read may end between " +
      "any two of them.",
    page: LOOK,
    step: 4,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      const { random } = target;
      const line = random.pick(["äжλ", "ßéñ"]) + random.pick(["€日", "한글"]) +
        random.pick(["😀", "🚀"]);
      const wire = bytesOf(`${line}\n`);
      for (let cut = 1; cut < wire.length; cut++) {
        await client.exchangeCut(line, wire, cut);
      }
      for (const pieces of ["bytes", random.cut(wire, 9)] as const) {
        await client.peer.send(wire, { pieces });
        await client.peer.expect(client.replies(line));
      }
    },
  },
  {
    name: "drops one CR before the LF, and nothing else",
    hint: "Take off one byte 13 if it is the last one of the line. Blanks, a " +
      "CR within the line and a second CR belong to it",
    about:
      "Some programs end a line with two bytes, CR and LF. They may come " +
      "in two reads.",
    page: HOW,
    step: 3,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      const word = target.random.word();
      const lines = [
        word,
        ` \t${word}  `,
        `${word}\r${target.random.word()}`,
        `${word}\r`,
      ];
      for (const line of lines) {
        await client.peer.send(`${line}\r\n`);
        await client.peer.expect(client.replies(line));
        const wire = bytesOf(`${line}\r\n`);
        await client.exchangeCut(line, wire, wire.length - 1);
      }
    },
  },
  {
    name: "takes an empty line for a line",
    hint: "An LF that comes first, or right after another, ends a line as " +
      "well: one of length 0. It is counted and gets its reply",
    about: "An empty message is something: its newline is sent, and arrives. " +
      "It is not the end of the stream.",
    page: HOW,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      const { random } = target;
      await client.peer.send("\n");
      await client.peer.expect(client.replies(""));
      const words = [random.word(), "", "", random.word(), ""];
      await client.peer.send(words.map((word) => `${word}\n`).join(""));
      await client.peer.expect(client.replies(...words));
    },
  },
];
