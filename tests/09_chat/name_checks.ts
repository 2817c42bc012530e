/**
 * What `/name NEW` does.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import type { Peer } from "../grader/peer.ts";
import {
  allHear,
  hear,
  join,
  left,
  type Member,
  openRoom,
  renamed,
  say,
} from "./talk.ts";

const EXERCISE = "README.md#exercise";
const ROOM = "README.md#the-room";

/** The checks of a change that is allowed. */
export const nameChecks: Check[] = [
  {
    name: "tells everybody the new name, the sender too",
    hint: "Look at a line before it goes out as a message. If it is the " +
      "command, tellAll() without a second argument tells the sender as well",
    about: "A line is bytes like any other. That one of them is a command, " +
      "and not a message, is what the two programs have agreed on.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      const room = await openRoom(target, 3);
      const [ann] = room;
      const name = target.random.word(10);
      await say(ann, `/name ${name}`);
      await allHear(room, renamed(ann.name, name));
    },
  },
  {
    name: "puts the new name before what is said after it, and only there",
    hint: "After the change remember the new name for this client, and do " +
      "not send the command to the others",
    about: "A name is not in what a client sends. The server keeps it with " +
      "the connection, and puts it in front.",
    page: ROOM,
    step: 3,
    async run(target) {
      const room = await openRoom(target, 2);
      const [ann, bob] = room;
      const name = target.random.word(10);
      const [before, after, reply] = [0, 0, 0].map(() => target.random.word());
      await say(ann, before!);
      await hear(bob, `${ann.name}: ${before}`);
      await say(ann, `/name ${name}`);
      await allHear(room, renamed(ann.name, name));
      await say(ann, after!);
      await hear(bob, `${name}: ${after}`);
      // Nothing has come to her in between: her own words do not.
      await say(bob, reply!);
      await hear(ann, `${bob.name}: ${reply}`);
    },
  },
  {
    name: "lets a client leave under its new name, however it leaves",
    hint: "At the end, too, it is the new name that leaves the room. What " +
      "has to happen at every end stands in finally",
    about: "EXIT, the end of the stream and a reset are three ways to leave. " +
      "The others are told the same.",
    page: "README.md#the-end-of-a-client",
    step: 3,
    async run(target) {
      const [dan, ...others] = await openRoom(target, 4);
      const ways = [
        (client: Peer) => client.send("EXIT\n"),
        (client: Peer) => client.halfClose(),
        (client: Peer) => client.reset(),
      ];
      for (const leave of ways) {
        const { name: old, client } = others.shift() as Member;
        const name = target.random.word(10);
        await client.send(`/name ${name}\n`);
        await hear({ name, client }, renamed(old, name));
        await allHear([dan, ...others], renamed(old, name));
        await leave(client);
        await allHear([dan, ...others], left(name));
      }
    },
  },
  {
    name: "sets the old name free at once, and the new one is taken",
    hint: "Take the old name out of the room, and put the new one in",
    about: "A name is a key: it stands for one connection at a time.",
    page: ROOM,
    step: 3,
    async run(target) {
      const room = await openRoom(target, 2);
      const [ann, bob] = room;
      const name = target.random.word(10);
      await say(ann, `/name ${name}`);
      await allHear(room, renamed(ann.name, name));
      await say(bob, `/name ${ann.name}`);
      await allHear(room, renamed(bob.name, ann.name));
      // Who comes with a name that somebody has gets another one.
      await join(target, room, name, `${name}-2`);
      await join(target, room, bob.name);
    },
  },
  {
    name: "drops the space around the new name, and none within it",
    hint: "Everything behind /name is the name. Trim it, but do not split it",
    about: "Where a word ends is up to the protocol. Here a name goes to the " +
      "end of the line, and may have spaces in it.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      const room = await openRoom(target, 2);
      const word = () => target.random.word();
      let old = room[0].name;
      for (const [before, after] of [["", " "], ["  ", "   "]]) {
        const name = `${word()} ${word()}`;
        await say(room[0], `/name ${before}${name}${after}`);
        await allHear(room, renamed(old, name));
        old = name;
      }
    },
  },
  {
    name: "takes nothing but /name and a space for the command",
    hint:
      'The line is "/name", or it begins with "/name ": the space counts, ' +
      "and so does the case",
    about: "What is no command is a message, as it came. A server that " +
      "guesses takes away what somebody wanted to say.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      const [ann, bob] = await openRoom(target, 2);
      const word = target.random.word(10);
      for (
        const line of [
          "/names",
          `/name${word}`,
          `/NAME ${word}`,
          ` /name ${word}`,
          `${word} /name ${word}`,
          "/",
        ]
      ) {
        await say(ann, line);
        await hear(bob, `${ann.name}: ${line}`);
      }
    },
  },
  {
    name: "takes the first line for a name, whatever it is",
    hint: "Ask first whether this client has a name already, and only then " +
      "whether the line is a command",
    about: "The same bytes mean one thing here and another there: the " +
      "protocol has two states for a client, before its name and after.",
    page: EXERCISE,
    step: 1,
    async run(target) {
      const room = await openRoom(target, 2);
      const word = target.random.word(10);
      const carl = await join(target, room, `/name ${word}`);
      const text = target.random.word();
      await say(carl, text);
      await allHear(room, `${carl.name}: ${text}`);
    },
  },
];
