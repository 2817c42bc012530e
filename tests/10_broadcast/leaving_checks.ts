/**
 * Clients that leave, in whatever way.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import type { Peer } from "../grader/peer.ts";
import {
  allHear,
  arrive,
  hearAmid,
  join,
  left,
  openRoom,
  speak,
} from "./talk.ts";

const STORIES = "README.md#three-ways-to-end-a-room";

/** The checks of the end of a client, in a room that reads. */
export const leavingChecks: Check[] = [
  {
    name: "goes on for the others when one breaks off",
    hint:
      "To write to a client that is gone throws, and so does to read from " +
      "it. Catch both, and nobody else is concerned",
    about: "A reset (RST) takes the connection away. The next read or write " +
      "there is an error, in whichever task it is made.",
    page: STORIES,
    step: 1,
    async run(target) {
      const [ann, bob, carl] = await openRoom(target);
      await bob.client.reset();
      const words = [target.random.word(), target.random.word()];
      for (const word of words) await ann.client.send(`${word}\n`);
      for (const member of [ann, carl]) {
        for (const word of words) {
          // That bob has left may come at any moment, or not at all: it is what
          // another check is about.
          await hearAmid(member, `${ann.name}: ${word}`, left(bob.name));
        }
      }
      // One that has given no name, and one in the middle of it.
      await (await arrive(target)).client.reset();
      const { client } = await arrive(target);
      await client.send(target.random.word());
      await client.reset();
      await arrive(target);
    },
  },
  {
    name: "announces everybody who leaves, once",
    hint: "Whatever ends the loop that reads, what has to happen then stands " +
      "in finally, and nowhere else",
    about: "The end of the stream, a close and a reset all end the read. " +
      "There, and only there, a server knows that a client has gone.",
    page: STORIES,
    step: 4,
    async run(target) {
      const room = await openRoom(target);
      const ways = [
        (client: Peer) => client.close(),
        (client: Peer) => client.halfClose(),
        (client: Peer) => client.reset(),
      ];
      for (const leave of ways) {
        const { name, client } = await join(target, room);
        await leave(client);
        await allHear(room, left(name));
        await speak(target, room);
      }
      await speak(target, room);
    },
  },
];
