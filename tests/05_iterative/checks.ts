/**
 * What a right answer to exercise 05 does on the wire.
 *
 * @module
 */
import type { Check, Exercise } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import type { Peer } from "../grader/peer.ts";
import { letters, type Random } from "../grader/random.ts";
import { clockChecks } from "./clock_checks.ts";

const HOW = "README.md#how-it-works";

/** Sends a word and waits for its echo. */
async function exchange(client: Peer, random: Random): Promise<void> {
  const word = random.word();
  await client.send(word);
  await client.expect(word);
}

/** The echo, for one client after the other. */
const turnChecks: Check[] = [
  {
    name: "sends back every byte, however it comes",
    hint: "What conn.read has brought has to go back with conn.write, as it " +
      "is and all of it, again and again",
    about: "TCP carries bytes. A read brings those that have arrived by now: " +
      "a single one, or as many as the buffer holds.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      await exchange(client, target.random);
      const values = Uint8Array.from({ length: 256 }, (_, value) => value);
      await client.send(values);
      await client.expect(values);
      for (const byte of new TextEncoder().encode("€")) {
        await client.send(new Uint8Array([byte]));
        await client.expect(new Uint8Array([byte]));
      }
      const text = letters(target.random, 50_000);
      await client.send(text);
      await client.expect(text);
    },
  },
  {
    name: "sends what it owes after the client's last word, then closes",
    hint: "When conn.read returns null, the client will send no more. Close " +
      "its connection, say nothing more, and accept the next client",
    about: "Each direction ends by itself. A client that sends no more may " +
      "still read. The end is no silence.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      for (let round = 0; round < 2; round++) {
        const client = await target.connect();
        const text = letters(target.random, 20_000);
        await client.send(text);
        client.halfClose();
        await client.expect(text);
        await client.expectEnd();
      }
    },
  },
  {
    name: "serves one client at a time, in the order in which they came",
    hint: "Accept the next client when the one before has gone, and not " +
      "before: await what serves it",
    about:
      "Who is not accepted yet waits in the queue of the system, and what " +
      "it sends waits there too.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const { random } = target;
      const first = await target.connect();
      await exchange(first, random);
      const second = await target.connect();
      const third = await target.connect();
      const words = [random.word(), random.word()] as const;
      await third.send(words[1]);
      await second.send(words[0]);
      for (let round = 0; round < 10; round++) await exchange(first, random);
      const answered = target.conversation.events.find(({ who, kind }) =>
        kind === "received" && who !== first.name
      );
      if (answered !== undefined) {
        throw new CheckFailure(
          `${answered.who} was answered while client 1 was being served`,
        );
      }
      first.halfClose();
      await first.expectEnd();
      await second.expect(words[0]);
      second.halfClose();
      await second.expectEnd();
      await third.expect(words[1]);
    },
  },
  {
    name: "goes on when a client resets its connection",
    hint: "conn.read and conn.write throw when the client has reset its " +
      "connection. Put try and catch around them, inside the loop",
    about: "A reset breaks a connection off at once, in both directions. It " +
      "says nothing about any other connection.",
    page: HOW,
    step: 2,
    async run(target) {
      await target.serve();
      for (const owed of [0, 0, 200_000]) {
        const client = await target.connect();
        await exchange(client, target.random);
        if (owed > 0) client.sendAside(letters(target.random, owed));
        await client.reset();
      }
      await exchange(await target.connect(), target.random);
    },
  },
  {
    name: "goes on when a client resets its connection before its turn",
    hint:
      "listener.accept throws when the client has reset its connection in " +
      "the queue. Catch that too, and accept the next one",
    about: "A connection stays in the queue when its client has gone. The " +
      "program learns of it when it accepts.",
    page: HOW,
    step: 2,
    async run(target) {
      await target.serve();
      const first = await target.connect();
      await exchange(first, target.random);
      const second = await target.connect();
      await second.send(target.random.word());
      const third = await target.connect();
      await second.reset();
      first.halfClose();
      await first.expectEnd();
      await exchange(third, target.random);
    },
  },
];

/** The server that sends silent clients away. */
export const exercise: Exercise = {
  lesson: "05_iterative",
  summary:
    "A server that serves one client after the other is as slow as the " +
    "slowest of them. A deadline for each wait bounds what one client " +
    "can cost the others, and closing the connection is what ends a " +
    "read that waits.",
  kind: "server",
  checks: [...turnChecks, ...clockChecks],
};
