/**
 * What exercise 08 keeps of the lesson: lines, sessions, many clients.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { expectAck, say } from "./desk.ts";

const HOW = "README.md#how-it-works";
const EXERCISE = "README.md#exercise";

/** The checks that the stub passes, and that have to go on passing. */
export const sessionChecks: Check[] = [
  {
    name: "acknowledges every message of a session",
    hint: "Without --log there is no file, and each line is acknowledged all " +
      "the same: [ACK @HH:MM:SS] and the line",
    about: "TCP tells your system that the bytes have arrived. That the " +
      "program has read them, only the program can say.",
    page: HOW,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      for (let round = 0; round < 3; round++) {
        await say(client, target.random.word());
      }
      await say(client, "");
    },
  },
  {
    name: "acknowledges every line, however the bytes come",
    hint: "A message ends at its newline, and not at the end of a read. Keep " +
      "what has no newline yet, and one decoder for the whole session",
    about: "One read may bring a byte, half of a character or many lines. " +
      "Only the newline says where a message ends.",
    page: HOW,
    async run(target) {
      await target.serve();
      const { random } = target;
      const client = await target.connect();

      const together = Array.from({ length: 5 }, () => random.word());
      await client.send(together.map((word) => `${word}\n`).join(""));
      for (const word of together) await expectAck(client, word);

      // The first byte is a part of a character.
      const slowly = `€${random.word()}`;
      await client.send(`${slowly}\n`, { pieces: "bytes" });
      await expectAck(client, slowly);

      for (let round = 0; round < 3; round++) {
        const words = Array.from({ length: 6 }, () => random.word());
        const bytes = new TextEncoder().encode(`${words.join("\n")}\n`);
        await client.send(bytes, { pieces: random.cut(bytes) });
        for (const word of words) await expectAck(client, word);
      }
    },
  },
  {
    name: "drops what has no newline at the end of the stream",
    hint: "When conn.read returns null, the session is over. What is left " +
      "without its newline is no message",
    about:
      "A line that is cut off may be half of another one. Who answers it " +
      "answers something that nobody has said.",
    page: EXERCISE,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const word = target.random.word();
      await client.send(`${word}\n${target.random.word()}`);
      client.halfClose();
      await expectAck(client, word);
      await client.expectEnd();
    },
  },
  {
    name: "serves clients at once, and keeps their lines apart",
    hint: "Accept the next client while the others are served. The beginning " +
      "of a line is a variable of its session, not of the program",
    about: "What a server remembers between two messages is its state, and " +
      "every connection needs its own.",
    page: HOW,
    async run(target) {
      await target.serve();
      const { random } = target;
      const [start, end] = [random.word(), random.word()];
      const first = await target.connect();
      const word = random.word();
      // With the first line comes half of the second.
      await first.send(`${word}\n${start}`);
      await expectAck(first, word);
      const second = await target.connect();
      await say(second, random.word());
      await first.send(`${end}\n`);
      await expectAck(first, start + end);
      await say(second, random.word());
    },
  },
  {
    name: "goes on when a client has reset its connection",
    hint: "conn.read and conn.write may throw. Catch that for each session, " +
      "so that it ends this one alone",
    about: "A client that dies, or closes with bytes unread, resets the " +
      "connection. For a server that is an everyday event.",
    page: HOW,
    async run(target) {
      await target.serve();
      const { random } = target;
      const other = await target.connect();
      await say(other, random.word());
      const client = await target.connect();
      await say(client, random.word());
      await client.reset();
      for (let count = 0; count < 2; count++) {
        await say(await target.connect(), random.word());
      }
      await say(other, random.word());
    },
  },
];
