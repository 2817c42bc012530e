/**
 * What the server of exercise 03 does when clients read late, end, break off,
 * and come one after the other.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { bytesOf } from "../grader/wire.ts";
import { longLine, Speaker } from "./speaker.ts";

const EXERCISE = "README.md#exercise";
const HOW = "README.md#how-it-works";

/** Clients and what becomes of them. */
export const clientChecks: Check[] = [
  {
    name: "answers all that came before the end, and no unfinished line",
    hint: "When conn.read returns null, every line has its reply already. " +
      "What is left has no LF: forget it, and close",
    about: "Each direction ends by itself. A client that sends no more may " +
      "still read. And the end is no newline.",
    page: HOW,
    step: 6,
    async run(target) {
      await target.serve();
      const first = await Speaker.connect(target);
      await first.exchange(bytesOf(target.random.word()));
      first.peer.halfClose();
      await first.peer.expectEnd();

      // The third one says everything while it is not its turn yet.
      const second = await Speaker.connect(target);
      await second.exchange();
      const third = await Speaker.connect(target);
      const words = Array.from({ length: 20 }, () => target.random.word());
      await third.peer.send(
        words.map((word) => `${word}\n`).join("") + target.random.word(),
      );
      third.peer.halfClose();
      await second.peer.close();
      await third.peer.expect(third.replies(...words));
      await third.peer.expectEnd();
    },
  },
  {
    name: "counts each client from 1, and keeps nothing of the last one",
    hint: "The number and the bytes without an LF belong to one connection: " +
      "begin anew with both after each accept",
    about:
      "Clients know nothing of each other. What two of them share in the " +
      "server, one gets from the other.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      let client = await Speaker.connect(target);
      for (let round = 0; round < 4; round++) {
        await client.exchange();
        await client.exchange(bytesOf(target.random.word())); // And no LF.
        const next = await Speaker.connect(target);
        await client.peer.close();
        client = next;
      }
      await client.exchange();
    },
  },
  {
    name: "serves the next client when one has broken off",
    hint: "After a reset conn.read throws, or listener.accept if it was not " +
      "the client's turn yet. Where nobody is there any more, conn.write " +
      "throws. Catch that in the loop, and accept again",
    about: "A reset breaks a connection off at once, in both directions. It " +
      "says nothing about any other connection.",
    page: "README.md#trouble",
    async run(target) {
      await target.serve();
      const first = await Speaker.connect(target);
      await first.exchange();
      const second = await Speaker.connect(target);
      await first.peer.reset();
      await second.exchange();

      const third = await Speaker.connect(target);
      const fourth = await Speaker.connect(target);
      await third.peer.reset(); // Before it was accepted.
      await second.peer.close();
      await fourth.exchange();

      // This one asks much, and is gone before it is accepted.
      const hasty = await Speaker.connect(target);
      await hasty.peer.send(`${target.random.word()}\n`.repeat(50));
      await hasty.peer.close();
      const last = await Speaker.connect(target);
      await fourth.peer.close();
      await last.exchange();
    },
  },
  {
    name: "sends its replies whole to a client that reads late",
    hint:
      "conn.write returns how many bytes it took. Write the rest as well, " +
      "in a loop",
    about: "A system keeps some megabytes for a client that does not read. " +
      "Then a write takes only a part, or waits.",
    page: EXERCISE,
    step: 5,
    async run(target) {
      await target.serve();
      const client = await Speaker.connect(target);
      await client.exchange();
      const lines = Array.from(
        { length: 200 },
        () => longLine(target.random, 60_000),
      );
      client.peer.stopReading();
      const sent = client.peer.sendAside(
        lines.map((line) => `${line}\n`).join(""),
      );
      // It is more than the systems keep: in the end the server waits in the
      // middle of a write, and does not read either.
      await target.patience.wait(sent);
      client.peer.readAgain();
      await client.peer.expect(client.replies(...lines));
      await client.exchange();
    },
  },
];
