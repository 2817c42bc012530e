/**
 * Names and messages, among clients that read.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { letters } from "../grader/random.ts";
import type { SendOptions } from "../grader/wire.ts";
import {
  allHear,
  arrive,
  hear,
  hello,
  join,
  joined,
  left,
  type Member,
  nextLine,
  openRoom,
  speak,
  WELCOME,
  wrongLine,
} from "./talk.ts";

const EXERCISE = "README.md#exercise";
const OUTBOX = "README.md#an-outbox-for-each";

/** The longest line that the exercise speaks of, in bytes. */
const LONGEST = 60_000;

/** The checks of what stays as it was, but for the last one. */
export const messageChecks: Check[] = [
  {
    name: "greets a client, by its address if it gives no name",
    hint: "The stub does this. What is sent has changed its way, not its words",
    about: "The server speaks first here, and the client knows that it has " +
      "to wait for the question.",
    page: EXERCISE,
    async run(target) {
      await target.serve();
      const ann = await join(target, []);
      const { client } = await arrive(target);
      await client.send("\n");
      const bob = { name: client.address, client };
      await hear(bob, hello(bob.name));
      await hear(ann, joined(bob.name));
      await speak(target, [bob, ann]);
    },
  },
  {
    name: "sends every line to everybody, the empty one and to its sender, too",
    hint:
      "Whatever comes after the name is a message, and goes to all in the " +
      "room",
    about: "That you hear yourself is how you know your place in what all " +
      "have said.",
    page: "README.md#what-to-look-for",
    async run(target) {
      const room = await openRoom(target);
      const { random } = target;
      for (const { name, client } of room) {
        for (const text of [random.word(), "", `  ${random.word()} `]) {
          await client.send(`${text}\n`);
          await allHear(room, `${name}: ${text}`);
        }
      }
    },
  },
  {
    name: "makes no difference of the cuts between reads",
    hint: "The stub's readLines() does this: go through all lines that it " +
      "brings, the ones that came with the name as well",
    about: "TCP keeps the order of the bytes, not the cuts. What was written " +
      "at once may come in parts, and what was written apart at once.",
    page: EXERCISE,
    async run(target) {
      const room = await openRoom(target);
      const { random } = target;
      const cut = (bytes: Uint8Array) => ({ pieces: random.cut(bytes, 7) });
      const ways: ((bytes: Uint8Array) => SendOptions)[] = [
        () => ({}), // All of it in one segment.
        () => ({ pieces: "bytes" }),
        cut,
        cut,
      ];
      for (const way of ways) {
        const name = `${random.word()}é`;
        const texts = [random.word(), "", `${random.word()} 🦕€`];
        const bytes = new TextEncoder().encode(
          `${name}\n${texts.join("\n")}\n`,
        );
        const messages = texts.map((text) => `${name}: ${text}`);
        const client = await target.connect();
        await client.send(bytes, way(bytes));
        await hear({ client }, WELCOME, hello(name), ...messages);
        await allHear(room, joined(name), ...messages);
        await client.close();
        await allHear(room, left(name));
      }
    },
  },
  {
    name: "keeps a client out of the room until it has given a name",
    hint: "Only a client with a name is a member, and only a member is " +
      "announced when it leaves",
    about: "To be connected is not yet to be in the room. The connection is " +
      "the system's, the room is yours.",
    page: EXERCISE,
    async run(target) {
      const room = await openRoom(target);
      const { client } = await arrive(target);
      const name = target.random.word(8);
      await client.send(name); // The newline is still to come.
      await speak(target, room);
      await client.send("\n");
      await hear({ client }, hello(name)); // Nothing has come before this.
      await allHear(room, joined(name));

      const nobody = await arrive(target);
      nobody.client.halfClose();
      await nobody.client.expectEnd();
      await speak(target, room);
    },
  },
  {
    name: "keeps long lines whole that several send at the same time",
    hint:
      "Two writes on one connection at once mix their bytes. One loop for " +
      "each client writes what is in its queue, one thing after the other",
    about: "One write may take only a part. What another one writes before " +
      "the rest stands in the middle.",
    page: OUTBOX,
    step: 2,
    async run(target) {
      const room = await openRoom(target);
      const { random } = target;
      for (const longest of [LONGEST, 50_000, 40_000]) {
        const due = new Map<string, string[]>();
        for (const { name, client } of room) {
          const texts = [
            `${
              letters(random, longest - random.integer(10, 999))
            }${random.word()}`,
            random.word(),
          ];
          due.set(name, texts.map((text) => `${name}: ${text}`));
          client.sendAside(`${texts.join("\n")}\n`);
        }
        for (const member of room) await hearAll(member, due);
      }
    },
  },
];

/** Waits for what each one has said; who comes first does not matter. */
async function hearAll(
  member: Member,
  said: Map<string, string[]>,
): Promise<void> {
  const due = new Map<string, string[]>();
  for (const [name, lines] of said) due.set(name, [...lines]);
  while (due.size > 0) {
    const [some] = due.values();
    const line = await nextLine(member, some?.[0] ?? "");
    const name = line.slice(0, line.indexOf(":"));
    const lines = due.get(name) ?? some ?? [];
    const wanted = lines.shift() ?? "";
    if (line !== wanted) throw wrongLine(member, wanted, line);
    if (lines.length === 0) due.delete(name);
  }
}
