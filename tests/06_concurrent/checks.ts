/**
 * What a right answer to exercise 06 does on the wire.
 *
 * @module
 */
import type { Check, Exercise } from "../grader/check.ts";
import type { Peer } from "../grader/peer.ts";
import { letters } from "../grader/random.ts";
import { untilStuck } from "../grader/stuck.ts";
import { endChecks } from "./end_checks.ts";
import { exchange, MANY, MUCH } from "./exchange.ts";

const TASK = "README.md#a-task-for-each-client";

/** Many clients at once. */
const crowdChecks: Check[] = [
  {
    name: "sends back every byte, however it comes",
    hint: "What conn.read has brought has to go back with conn.write, as it " +
      "is and all of it, again and again",
    about: "TCP carries bytes. A read brings those that have arrived by now: " +
      "a single one, or as many as the buffer holds.",
    page: TASK,
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
    name: "answers every client while all are connected",
    hint:
      "The accept loop must not wait for a client to go: call the function " +
      "that serves it without await",
    about: "Each connection is a conversation of its own. The server learns " +
      "what to do next from whoever says something.",
    page: TASK,
    step: 1,
    async run(target) {
      await target.serve();
      const { random } = target;
      const clients: Peer[] = [];
      for (let count = 0; count < 3; count++) {
        const silent = await target.connect();
        const client = await target.connect();
        await exchange(client, random);
        clients.unshift(client, silent);
      }
      for (const client of clients) await exchange(client, random);
      for (let round = 0; round < 10; round++) {
        await exchange(random.pick(clients), random);
      }
    },
  },
  {
    name: "keeps nobody waiting for hundreds of silent clients",
    hint: "Do not wait for the first bytes of a client before you accept the " +
      "next one, and do not limit how many are served at once to a few",
    about:
      "A silent connection costs some memory and no work. Most clients of " +
      "most servers are silent most of the time.",
    page: TASK,
    step: 1,
    async run(target) {
      await target.serve();
      const first = await target.connect();
      for (let count = 0; count < 150; count++) {
        await target.connect(); // It says nothing.
        // This one says a word, and nothing more.
        await exchange(await target.connect(), target.random);
      }
      await exchange(first, target.random);
    },
  },
  {
    name: "gives each client its own bytes",
    hint: "Make the buffer in the function that serves one client: with one " +
      "buffer for all, the next read overwrites what is still to be sent",
    about:
      "A write waits as long as its client does not read. The bytes that " +
      "it has been given have to stay as they are until then.",
    page: TASK,
    step: 2,
    async run(target) {
      await target.serve();
      const { random } = target;
      const stuck = await target.connect();
      await exchange(stuck, random);
      const quick = await target.connect();
      await exchange(quick, random);
      const text = letters(random, MUCH);
      stuck.stopReading();
      stuck.sendAside(text);
      // The server sends back until it has to wait in the middle of it.
      await untilStuck(stuck, target.patience);
      // Whatever part of a buffer still has to go out, these bytes are read
      // into it; and so many of them take the server through all its work.
      for (let round = 0; round < 3; round++) {
        await exchange(quick, random, MANY);
      }
      stuck.readAgain();
      await stuck.expect(text);
    },
  },
];

/** The server for many clients at once. */
export const exercise: Exercise = {
  lesson: "06_concurrent",
  summary: "A task that nobody awaits serves its client while the server " +
    "accepts the next one. Nobody catches its errors either, so it " +
    "catches them all itself, and one client's end concerns no other.",
  kind: "server",
  checks: [...crowdChecks, ...endChecks],
};
