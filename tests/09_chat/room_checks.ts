/**
 * The wire, and what was there before: neither may suffer from the command.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import type { SendOptions } from "../grader/wire.ts";
import {
  allHear,
  hear,
  join,
  joined,
  left,
  openRoom,
  REFUSAL,
  renamed,
  say,
} from "./talk.ts";

const ROOM = "README.md#the-room";

/** The checks of the cuts, and of the room as it was. */
export const roomChecks: Check[] = [
  {
    name: "tells nobody who has not given a name yet",
    hint:
      "tellAll() goes through the room, and only those with a name are in " +
      "it. Keep no other list of clients",
    about: "To be connected is not yet to be in the room. The connection is " +
      "the system's, the room is yours.",
    page: ROOM,
    step: 4,
    async run(target) {
      const room = await openRoom(target, 2);
      const client = await target.connect();
      const half = target.random.word(8);
      // A name whose newline is still to come. Two parts, so that the first is
      // read before it goes on here.
      const bytes = new TextEncoder().encode(half);
      await client.send(bytes, {
        pieces: [bytes.subarray(0, 4), bytes.subarray(4)],
      });
      const name = target.random.word(10);
      await say(room[0], `/name ${name}`);
      await allHear(room, renamed(room[0].name, name));
      await client.send("\n");
      await allHear(room, joined(half));
      // Nothing has come before this.
      const word = target.random.word();
      await say(room[1], word);
      await hear({ name: half, client }, `${room[1].name}: ${word}`);
    },
  },
  {
    name: "makes no difference of the cuts between reads",
    hint:
      "Go through all lines that are complete, each with the name of that " +
      "moment, and decode a character when all its bytes are there",
    about: "TCP keeps the order of the bytes, not the cuts. What was written " +
      "at once may come in parts, and what was written apart at once.",
    page: "README.md#where-a-line-ends-and-a-bug",
    step: 3,
    async run(target) {
      const room = await openRoom(target, 2);
      const { random } = target;
      const cut = (bytes: Uint8Array) => ({ pieces: random.cut(bytes, 9) });
      const ways: ((bytes: Uint8Array) => SendOptions)[] = [
        () => ({}), // All of it in one segment.
        () => ({ pieces: "bytes" }),
        cut,
        cut,
      ];
      for (const way of ways) {
        const [a, b, c, d] = [0, 0, 0, 0].map(() => random.word());
        const old = `${random.word()}é`;
        const name = `${random.word()} 🦕€`;
        const bytes = new TextEncoder().encode(
          `${old}\n${a}\n/name ${name}\n${b} €\r\n/name ${name}\n${c}\n` +
            `/name ${d}\nEXIT\n`,
        );
        const client = await target.connect();
        await client.send(bytes, way(bytes));
        await allHear(
          room,
          joined(old),
          `${old}: ${a}`,
          renamed(old, name),
          `${name}: ${b} €`,
          `${name}: ${c}`,
          renamed(name, d!),
          left(d!),
        );
        await hear(
          { name, client },
          renamed(old, name),
          REFUSAL,
          renamed(name, d!),
          "DONE",
        );
        await client.expectEnd();
      }
    },
  },
  {
    name: "keeps nicknames, messages and EXIT as they were",
    hint: "The command is one more case. Leave the others as the stub has them",
    about: "Those who know nothing of the new command must not notice it. " +
      "That is how a protocol grows.",
    page: ROOM,
    async run(target) {
      const room = await openRoom(target, 2);
      const [ann, bob] = room;
      // A name that is taken, and none at all.
      const second = await join(target, room, ann.name, `${ann.name}-2`);
      const client = await target.connect();
      await client.send("\n");
      await allHear([ann, bob, second], joined(client.address));
      const nameless = { name: client.address, client };
      // Messages: an empty one, and one with blanks around it.
      for (const text of ["", `  ${target.random.word()} `, "exit now"]) {
        await say(ann, text);
        await allHear([bob, second, nameless], `${ann.name}: ${text}`);
      }
      await say(second, " exit ");
      await hear(second, "DONE");
      await second.client.expectEnd();
      await allHear([ann, bob, nameless], left(second.name));
      await say(nameless, "Exit");
      await hear(nameless, "DONE");
      await client.expectEnd();
      await allHear([ann, bob], left(nameless.name));
    },
  },
];
