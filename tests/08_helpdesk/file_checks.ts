/**
 * What exercise 08 writes to its file, and when.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { CheckFailure, Skip } from "../grader/failure.ts";
import type { Peer } from "../grader/peer.ts";
import { compare, show } from "../grader/show.ts";
import { expectAck, LogFile, say } from "./desk.ts";

const EXERCISE = "README.md#exercise";

/** How far from ours the clock of a program may be, in milliseconds. */
const CLOCKS_APART = 3_600_000;

/** The form of ISO 8601, with or without a fraction and a zone. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?$/;

/** The checks of steps 1, 2 and 4. */
export const fileChecks: Check[] = [
  {
    name: "writes each message to the file, as a line of JSON",
    hint: "The file is the one behind --log. A line is JSON.stringify of " +
      "time, peer and text, and a newline",
    about: "The server knows who the peer is without asking: the address " +
      "belongs to the connection.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      const log = new LogFile(target);
      await log.serve();
      const client = await target.connect();
      const words = [target.random.word(), target.random.word()];
      for (const [index, word] of words.entries()) {
        await say(client, word);
        await log.expectTexts(words.slice(0, index + 1));
      }
      for (const { time, peer } of await log.expectEntries(words.length)) {
        expectSame("peer", client.address, peer);
        const apart = Math.abs(Date.parse(String(time)) - Date.now());
        if (ISO.test(String(time)) && apart < CLOCKS_APART) continue;
        expectSame("time", new Date().toISOString(), time);
      }
    },
  },
  {
    name: "keeps any text in its one line",
    hint: "JSON.stringify writes quotes, backslashes and control characters " +
      "so that they stay within the line. Do not build the line by hand",
    about: "A message is text from a stranger. Where it is written down, it " +
      "must not look like something else.",
    page: EXERCISE,
    step: 4,
    async run(target) {
      const log = new LogFile(target);
      await log.serve();
      const client = await target.connect();
      const { random } = target;
      const texts = [
        `${random.word()} "${random.word()}"`,
        `C:\\${random.word()}\\new`,
        "",
        `\t${random.word()}\x07 \x1b[2J`,
        `${random.word()} € 🖨 \u2028 ${random.word()}`,
        `","text":"${random.word()}`,
      ];
      for (const [index, text] of texts.entries()) {
        await say(client, text);
        await log.expectTexts(texts.slice(0, index + 1));
      }
    },
  },
  {
    name: "acknowledges nothing that is not in the file",
    hint: "First wait until the message is written: await " +
      "Deno.writeTextFile(...). Then send the acknowledgement, and only if " +
      "that has not failed",
    about: "An acknowledgement is a promise. Who gives it before the message " +
      "is safe, breaks it with the next crash.",
    page: EXERCISE,
    step: 4,
    async run(target) {
      const log = new LogFile(target);
      await log.serve();
      const client = await target.connect();
      const [first, second] = [target.random.word(), target.random.word()];
      await say(client, first);
      await log.expectTexts([first]);
      // One that opens the file each time cannot do so any more. One that has
      // it open goes on writing to it, under its new name.
      const moved = `${log.path}.moved`;
      await rename(log.path, moved);
      await Deno.mkdir(log.path);
      target.conversation.note("grader", "puts a folder where the file was");
      await client.send(`${second}\n`);
      client.halfClose();
      const answer = new TextDecoder().decode(await client.expectOver());
      if (!answer.includes(`] ${second}\n`)) return;
      if ((await Deno.readTextFile(moved)).includes(`"${second}"`)) return;
      throw target.program.failure(
        "It has acknowledged a message that is not in the file",
        ["The file cannot be written: a folder is in its place"],
      );
    },
  },
  {
    name: "still has what it has acknowledged when it is killed",
    hint: "Append each message when it comes, not at the end of the session " +
      "or of the program; and never write the file anew",
    about:
      "kill -9 leaves a program no time for last words. Only what it had " +
      "handed to the system by then is there.",
    page: EXERCISE,
    step: 4,
    async run(target) {
      const log = new LogFile(target);
      const { random } = target;
      const words: string[] = [];
      for (let start = 0; start < 2; start++) {
        await log.serve();
        const clients = [await target.connect(), await target.connect()];
        for (const client of [...clients, ...clients]) {
          const word = random.word();
          await say(client, word);
          words.push(word);
          await log.expectTexts(words);
        }
        await target.program.kill();
        // So that a server with a port of its own can have it again.
        for (const client of clients) await client.drop();
      }
    },
  },
  {
    name: "starts on a file whose last line is cut off",
    hint: "Look at the end of the file before the first message. If there is " +
      "no newline, append one, and touch nothing else",
    about: "A crash may stop a write in the middle, even within a character. " +
      "A line that is glued to such a rest is lost as well.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      const log = new LogFile(target);
      const { random } = target;
      const old = new TextEncoder().encode(
        `{"time":"2026-03-01T13:10:26.512Z","peer":"127.0.0.1:41234","text":"` +
          `${random.word()}"}\n` +
          `{"time":"2026-03-01T13:10:31.007Z","peer":"127.0.0.1:41234","text":"` +
          `${random.word()} €`,
      ).slice(0, -1);
      await Deno.writeFile(log.path, old);
      await log.serve();
      const client = await target.connect();
      const word = random.word();
      await say(client, word);
      const now = await log.read();
      const kept = now.slice(0, old.length);
      if (kept.some((byte, index) => byte !== old[index])) {
        throw new CheckFailure("The old bytes of the file have changed", {
          shown: compare(old, kept)
            .map((line) => line.replace(/^received/, "the file")),
        });
      }
      if (now.length > old.length && now[old.length] !== 0x0a) {
        throw new CheckFailure("The first message is glued to the old line", {
          shown: [`the file  ... ${show(now.slice(old.length - 12), 60)}`],
        });
      }
      await log.expectTexts([word], old.length);
    },
  },
  {
    name: "mixes no lines of several clients",
    hint: "Write a message and its newline at once, with one call that " +
      "appends. Between two calls another session may write",
    about: "Sessions take turns at every await. What has to stay together " +
      "must not be done in two steps.",
    page: EXERCISE,
    step: 4,
    async run(target) {
      const log = new LogFile(target);
      await log.serve();
      const { random } = target;
      const clients = await Promise.all(
        Array.from({ length: 4 }, () => target.connect()),
      );
      const senders = new Map<unknown, Peer>();
      // Sessions that are served one after the other cannot mix. So this goes
      // on until they have taken turns in the file, or never do.
      for (let round = 0, turns = 0; round < 10 && turns < 30; round++) {
        const sent = clients.map((client) => {
          const words = Array.from({ length: 20 }, () => random.word(60));
          for (const word of words) senders.set(word, client);
          return words;
        });
        for (const [index, words] of sent.entries()) {
          clients[index]?.sendAside(words.map((word) => `${word}\n`).join(""));
        }
        for (const word of sent.flat()) {
          await expectAck(senders.get(word) as Peer, word);
        }
        const texts = (await log.expectEntries(senders.size))
          .map(({ text }) => text);
        const missing = sent.flat().find((word) => !texts.includes(word));
        if (missing !== undefined) {
          throw new CheckFailure(`The file has no message "${missing}"`);
        }
        turns = texts.filter((text, index) =>
          index > 0 && senders.get(text) !== senders.get(texts[index - 1])
        ).length;
      }
    },
  },
];

/** Compares what stands in the file with what should. */
function expectSame(key: string, expected: string, came: unknown): void {
  if (came === expected) return;
  throw new CheckFailure(`The ${key} in the file is another`, {
    shown: [
      `expected  ${JSON.stringify(expected)}`,
      `the file  ${JSON.stringify(came)}`,
    ],
  });
}

/** Gives a file another name, also while a program has it open. */
async function rename(path: string, name: string): Promise<void> {
  try {
    await Deno.rename(path, name);
  } catch {
    throw new Skip("this system does not rename a file that is open");
  }
}
