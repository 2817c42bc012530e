/**
 * What the server of exercise 02 does when a client ends, or will not end.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { letters } from "../grader/random.ts";
import { exchange, served } from "./turn.ts";

const EXERCISE = "README.md#exercise";
const OFTEN_SAID = "README.md#often-said-and-what-happens";

/** The end of a client, and the next one. */
export const endChecks: Check[] = [
  {
    name: "answers all that came before the end, and no unfinished line",
    hint: "When conn.read returns null, every line has its reply already. " +
      "What is left has no newline: forget it, and close",
    about: "Each direction ends by itself. A client that sends no more may " +
      "still read. And an end is no newline.",
    page: OFTEN_SAID,
    step: 1,
    async run(target) {
      await target.serve();
      const first = await served(target);
      await first.send(target.random.word());
      first.halfClose();
      await first.expectEnd();

      // The next one says everything while it is not its turn yet.
      const second = await served(target);
      const third = await target.connect();
      const words = Array.from({ length: 20 }, () => target.random.word());
      await third.send(
        words.map((word) => `${word}\n`).join("") + target.random.word(),
      );
      third.halfClose();
      await second.close();
      await third.expect(words.map((word) => `ACK: ${word}\n`).join(""));
      await third.expectEnd();
    },
  },
  {
    name: "closes on a line that does not end",
    hint: "What is left without a newline must not grow for ever: close the " +
      "connection when it is longer than 65 536 characters",
    about: "A client may send whatever it likes. What is kept of it needs a " +
      "limit, or it fills the memory.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await served(target);
      const next = await target.connect();
      await client.send(letters(target.random, 300_000));
      await client.expectOver();
      await exchange(next, target.random);
    },
  },
  {
    name: "serves the next client when one has closed",
    hint: "Close its connection and accept again, in a loop. If conn.write " +
      "throws, because nobody is there any more, that is the end of this " +
      "client alone",
    about: "A client may be gone before its turn. The first write to it " +
      "succeeds all the same, and a later one fails.",
    page: OFTEN_SAID,
    step: 5,
    async run(target) {
      await target.serve();
      let client = await served(target);
      for (let round = 0; round < 3; round++) {
        const next = await target.connect();
        await client.close();
        await exchange(next, target.random);
        client = next;
      }
      // This one asks much, and is gone before it is accepted.
      const hasty = await target.connect();
      await hasty.send(`${target.random.word()}\n`.repeat(50));
      await hasty.close();
      const last = await target.connect();
      await client.close();
      await exchange(last, target.random);
    },
  },
  {
    name: "serves the next client when one was reset",
    hint: "After a reset conn.read throws. If the client was still waiting " +
      "for its turn, listener.accept throws. Catch both, and accept again",
    about: "A reset breaks a connection off at once, in both directions. It " +
      "says nothing about any other connection.",
    page: OFTEN_SAID,
    step: 5,
    async run(target) {
      await target.serve();
      const first = await served(target);
      const second = await target.connect();
      await first.reset();
      await exchange(second, target.random);

      const third = await target.connect();
      const fourth = await target.connect();
      await third.reset(); // Before it was accepted.
      await second.close();
      await exchange(fourth, target.random);
    },
  },
];
