/**
 * How the server of exercise 04 is done with a client.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import type { Target } from "../grader/target.ts";
import { exchange, frame, header } from "./frame.ts";

const HOW = "README.md#how-it-works";

const LIMIT = 16 * 1024 * 1024;

/** A client that is served. */
async function served(target: Target) {
  const client = await target.connect();
  await exchange(client, target.random.word());
  return client;
}

/** Ends, and the clients after them. */
export const endChecks: Check[] = [
  {
    name: "closes when its client has ended, and serves the next",
    hint:
      "If conn.read returns null before the first byte of a length, close " +
      "the connection and accept the next client",
    about: "Between two frames the end of the stream is the end of the " +
      "conversation, as it should be.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      for (let round = 0; round < 2; round++) {
        const client = await served(target);
        client.halfClose();
        await client.expectEnd();
      }
      // This one says all that it wants to before it reads.
      const client = await target.connect();
      const word = target.random.word();
      await client.send(frame(word));
      client.halfClose();
      await client.expect(frame([...word].reverse().join("")));
      await client.expectEnd();
    },
  },
  {
    name: "closes on a length over 16 MiB, and serves the next",
    hint: "Compare the length with 16 * 1024 * 1024 before you make room and " +
      "before you read on. Over it, close the connection",
    about: "Four bytes can say 4294967295. Whoever makes room for whatever a " +
      "peer says can be ended by anybody.",
    page: HOW,
    step: 3,
    async run(target) {
      await target.serve();
      for (const least of [LIMIT, 2 ** 31]) {
        const client = await target.connect();
        const length = least + target.random.integer(2, 200);
        await client.send(header(length));
        const cause = `The client has said that ${length} bytes follow, and ` +
          `waits. That is over ${LIMIT}: close the connection at once`;
        await client.expectEnd({ cause });
      }
      await served(target);
    },
  },
  {
    name: "gives a frame that is cut off no answer, and serves the next",
    hint: "If conn.read returns null before all bytes of a length or of a " +
      "message are there, close the connection without an answer",
    about:
      "Inside a frame the end of the stream is an accident. Nobody knows " +
      "what the rest would have been.",
    page: HOW,
    step: 4,
    async run(target) {
      await target.serve();
      const whole = await served(target);
      whole.halfClose();
      await whole.expectEnd();
      for (const cut of [2, 4, 7]) {
        const client = await target.connect();
        await client.send(frame(target.random.word(6)).subarray(0, cut));
        client.halfClose();
        const cause = `The client has sent ${cut} of the 10 bytes of its ` +
          "frame, and says that it will send no more: close the connection";
        await client.expectEnd({ cause });
      }
      await served(target);
    },
  },
];
