/**
 * What a right answer to exercise 04 does on the wire.
 *
 * @module
 */
import type { Check, Exercise } from "../grader/check.ts";
import { letters } from "../grader/random.ts";
import { bytesOf } from "../grader/wire.ts";
import { untilStuck } from "../grader/stuck.ts";
import { endChecks } from "./end_checks.ts";
import { answer, exchange, frame, header, joined } from "./frame.ts";

const HOW = "README.md#how-it-works";

/** So many bytes are more than the system keeps of what nobody reads. */
const LONG = Deno.build.os === "linux" ? 6_000_000 : 1_500_000;

/** Frames and their answers. */
const frameChecks: Check[] = [
  {
    name: "answers a frame with its bytes in reverse",
    hint: "Read 4 bytes, which are the length, and then as many bytes as it " +
      "says. Send them in reverse, with their length in front",
    about: "A frame is a length of 4 bytes, the most significant first, and " +
      "then the message. Both sides speak in frames.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      await exchange(client, target.random.word());
    },
  },
  {
    name: "answers frame after frame on one connection",
    hint:
      "After an answer go back to step 1: the next 4 bytes are the length " +
      "of the next frame",
    about: "The connection stays open between two messages. Only the lengths " +
      "keep the messages apart.",
    page: HOW,
    step: 6,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      for (let round = 0; round < 5; round++) {
        await exchange(client, target.random.word());
      }
    },
  },
  {
    name: "answers a frame of no bytes with a frame of no bytes",
    hint:
      "A length of 0 is no end and no error: the answer is the 4 bytes of " +
      "the length 0",
    about: "With a length in front even nothing is a message. The end of the " +
      "conversation is the end of the stream.",
    page: HOW,
    step: 4,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      await exchange(client, "");
      await exchange(client, "");
      await exchange(client, target.random.word());
    },
  },
  {
    name: "reads the bytes of the length as one number",
    hint: "The length is one number in 4 bytes: getUint32(0) of a DataView, " +
      "and setUint32(0, length) for the answer",
    about: "Up to 255 the last of the 4 bytes is enough. 256 is 00 00 01 00.",
    page: HOW,
    step: 2,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      for (const least of [256, 4096, 20_000]) {
        const length = least + target.random.integer(1, 200);
        await exchange(client, letters(target.random, length));
      }
    },
  },
  {
    name: "turns round any bytes, zero bytes and newlines included",
    hint: "Do not make text of the bytes: turn round the bytes themselves",
    about: "A frame says how long it is, so no byte has a meaning of its own " +
      "in it. Not all bytes are text.",
    page: HOW,
    step: 5,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const values = Uint8Array.from({ length: 256 }, (_, value) => value);
      await exchange(client, values.subarray(0, 128));
      await exchange(client, values.subarray(128));
      await exchange(client, new Uint8Array([0, 10, 13, 0, 255, 10]));
      await exchange(client, target.random.bytes(100));
    },
  },
  {
    name: "reads on until a frame is whole",
    hint: "One read may bring fewer bytes than you asked for, of the length " +
      "as well as of the message. Read on until all are there",
    about: "TCP keeps the order of the bytes, not the pieces in which they " +
      "were sent. One read brings what has arrived by now.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const { random } = target;
      const word = random.word(5);
      const bytewise = "Its bytes came one at a time. Read on until all 4 " +
        "bytes of the length are there, and then all bytes of the message";
      await client.send(frame(word), { pieces: "bytes" });
      await client.expect(answer(word), { cause: bytewise });
      // The same, but for the length.
      const pieces = [...word].map(bytesOf);
      await client.send(frame(word), {
        pieces: [header(word.length), ...pieces],
      });
      await client.expect(answer(word), { cause: bytewise });
      // And now in pieces that end anywhere, in the next frame as well.
      for (let round = 0; round < 3; round++) {
        const words = [random.word(), random.word()];
        const pieces = random.cut(joined(words.map(frame)), 4);
        await client.send(joined(pieces), { pieces });
        await client.expect(joined(words.map(answer)));
      }
    },
  },
  {
    name: "takes no more than its own bytes for a frame",
    hint: "Read the 4 bytes of the length and not one more, then the message " +
      "and not one more: what follows belongs to the next frame",
    about: "One read may bring several frames, and a piece of the next one.",
    page: HOW,
    step: 1,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const { random } = target;
      const words = [random.word(), "", random.word(), random.word(), ""];
      await client.send(joined(words.map(frame)));
      await client.expect(joined(words.map(answer)), {
        cause:
          `${words.length} frames came in one piece. Read the 4 bytes of ` +
          "the length and not one more, then the message and not one more",
      });
    },
  },
  {
    name: "answers a long frame whole, and the next one after it",
    hint: "A long message takes many reads and many writes: conn.write " +
      "returns how many bytes it took. Write the rest as well",
    about:
      "A client that does not read for a while fills the buffers of both " +
      "systems. Then a write takes only a part.",
    page: HOW,
    step: 5,
    async run(target) {
      await target.serve();
      const { random } = target;
      const client = await target.connect();
      const more = random.integer(0, 100_000);
      const text = letters(random, LONG + more);
      client.stopReading();
      client.sendAside(frame(text));
      await untilStuck(client, target.patience);
      client.readAgain();
      await client.expect(answer(text));
      await exchange(client, random.word());
    },
  },
];

/** The server that turns frames round. */
export const exercise: Exercise = {
  lesson: "04_frames",
  summary:
    "With its length in front a message may hold any bytes at all. The " +
    "length comes from outside like everything else, so it is looked at " +
    "before a single byte of room is made for it.",
  kind: "server",
  checks: [...frameChecks, ...endChecks],
};
