/**
 * What a right answer to exercise 01 does on the wire.
 *
 * @module
 */
import type { Exercise } from "../grader/check.ts";
import { letters } from "../grader/random.ts";

const HOW = "README.md#how-it-works";

/** The echo server for one client. */
export const exercise: Exercise = {
  lesson: "01_echo",
  summary: "A server listens, accepts, and reads and writes on its client's " +
    "connection until read returns null. TCP carries bytes and knows no " +
    "messages, so an echo sends back what each read has brought, and " +
    "all of it.",
  kind: "server",
  checks: [
    {
      name: "sends back what it gets",
      hint: "What conn.read has brought has to go back with conn.write",
      about:
        "An echo is the smallest server: bytes come in, and the same bytes " +
        "go out.",
      page: HOW,
      step: 1,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        const word = target.random.word();
        await client.send(word);
        await client.expect(word);
      },
    },
    {
      name: "answers again and again on one connection",
      hint: "Read and write in a loop, until conn.read returns null",
      about: "One read brings what has arrived by now. A connection goes on " +
        "until one side ends it.",
      page: HOW,
      step: 3,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        for (let round = 0; round < 5; round++) {
          const word = target.random.word();
          await client.send(word);
          await client.expect(word);
        }
      },
    },
    {
      name: "sends back every byte value, unchanged",
      hint: "Do not make text of the bytes: write the bytes that were read",
      about:
        "TCP carries bytes. Not all bytes are text, and a newline is a byte " +
        "like any other.",
      page: HOW,
      step: 2,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        const values = Uint8Array.from({ length: 256 }, (_, value) => value);
        const bytes = new Uint8Array([10, 32, ...values, ...values, 13, 10]);
        await client.send(bytes);
        await client.expect(bytes);
      },
    },
    {
      name: "sends back one byte at a time",
      hint:
        "Send back what has come, however little that is: do not wait for more",
      about:
        "A read may bring a single byte, and also half of a character. The " +
        "server cannot know whether more will come.",
      page: HOW,
      step: 2,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        for (
          const byte of new TextEncoder().encode(`${target.random.word()}€`)
        ) {
          await client.send(new Uint8Array([byte]));
          await client.expect(new Uint8Array([byte]));
        }
      },
    },
    {
      name: "sends back a long message whole",
      hint: "A long message takes many reads, and each of them its write",
      about:
        "The size of the buffer is how much one read may bring. It is no " +
        "limit on what the client sends.",
      page: HOW,
      step: 3,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        const text = letters(target.random, 100_000);
        await client.send(text);
        await client.expect(text);
        // Nothing stands between it and the next one.
        const word = target.random.word();
        await client.send(word);
        await client.expect(word);
      },
    },
    {
      name: "sends what it owes after the client's last word, then closes",
      hint:
        "conn.read returns null when the client will send no more. Then, and " +
        "not before, close the connection",
      about: "Each direction ends by itself. A client that sends no more may " +
        "still read.",
      page: "README.md#what-to-look-for",
      step: 4,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        const text = letters(target.random, 20_000);
        await client.send(text);
        client.halfClose();
        await client.expect(text);
        await client.expectEnd();
      },
    },
    {
      name: "ends when its client has gone",
      hint:
        "After the one client close the connection and the listener, and let " +
        "the program end",
      about: "A program ends when nothing is open any more for it to wait for.",
      page: "README.md#what-to-look-for",
      step: 4,
      async run(target) {
        await target.serve();
        const client = await target.connect();
        const word = target.random.word();
        await client.send(word);
        await client.expect(word);
        client.halfClose();
        await client.expectEnd();
        await client.close();
        await target.program.expectExit(0);
      },
    },
  ],
};
