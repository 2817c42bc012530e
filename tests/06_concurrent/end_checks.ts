/**
 * How a client of exercise 06 ends, and what the others notice of it.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { untilStuck } from "../grader/stuck.ts";
import { letters } from "../grader/random.ts";
import { exchange, MUCH } from "./exchange.ts";

const CATCH = "README.md#the-catch";

/** Ends, in order and by resets. */
export const endChecks: Check[] = [
  {
    name: "sends what it owes after a client's last word, then closes",
    hint: "conn.read returns null when the client will send no more. Then " +
      "close its connection, and no other one",
    about: "Each direction ends by itself. A client that sends no more may " +
      "still read.",
    page: "README.md#what-to-look-for",
    step: 4,
    async run(target) {
      await target.serve();
      const { random } = target;
      const other = await target.connect();
      await exchange(other, random);
      for (let round = 0; round < 2; round++) {
        const client = await target.connect();
        const text = letters(random, 20_000);
        await client.send(text);
        client.halfClose();
        await client.expect(text);
        await client.expectEnd();
        await exchange(other, random);
      }
    },
  },
  {
    name: "ends nobody else when a client resets its connection",
    hint: "conn.read and conn.write throw when the client has reset its " +
      "connection. Nobody awaits the task, so catch it in there",
    about: "A reset breaks a connection off at once, in both directions. It " +
      "says nothing about any other connection.",
    page: CATCH,
    step: 3,
    async run(target) {
      await target.serve();
      const { random } = target;
      const other = await target.connect();
      await exchange(other, random);
      for (let round = 0; round < 3; round++) {
        const client = await target.connect();
        await exchange(client, random);
        await client.reset();
        await exchange(other, random);
      }
      await exchange(await target.connect(), random);
      await exchange(other, random);
    },
  },
  {
    name: "ends nobody else when a client resets it in the middle of an answer",
    hint: "After a reset conn.write throws as well as conn.read. Catch both, " +
      "inside the task of this client",
    about: "A write waits while its client does not read. A reset ends that " +
      "wait with an error.",
    page: CATCH,
    step: 3,
    async run(target) {
      await target.serve();
      const { random } = target;
      const other = await target.connect();
      await exchange(other, random);
      const stuck = await target.connect();
      await exchange(stuck, random);
      stuck.stopReading();
      stuck.sendAside(letters(random, MUCH));
      await untilStuck(stuck, target.patience);
      await stuck.reset();
      await exchange(other, random);
      await exchange(await target.connect(), random);
      await exchange(other, random);
    },
  },
  {
    name: "ends nobody when a client resets its connection before its turn",
    hint:
      "listener.accept throws when the client has reset its connection in " +
      "the queue. Catch that too, and accept the next one",
    about: "The system makes a connection before the program accepts it. It " +
      "stays in the queue when its client has gone.",
    page: CATCH,
    step: 5,
    async run(target) {
      await target.serve();
      const { random } = target;
      const other = await target.connect();
      await exchange(other, random);
      // Stopped, it cannot accept anybody; the system goes on.
      target.program.signal("SIGSTOP");
      const hasty = await target.connect();
      await hasty.reset();
      target.program.signal("SIGCONT");
      await exchange(await target.connect(), random);
      await exchange(other, random);
    },
  },
];
