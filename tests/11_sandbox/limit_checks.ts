/**
 * The limits on names, clients and bytes that a learner may choose in exercise
 * 11. Those on time are in `time_checks.ts`.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import type { Peer } from "../grader/peer.ts";
import type { Random } from "../grader/random.ts";
import { bytesOf } from "../grader/wire.ts";
import { needLimit } from "./choice.ts";
import { Guest, inRoom } from "./room.ts";

const LIMITS_PAGE = "README.md#limits";

const TOO_LONG = "SERVER: name too long";
const FULL = "SERVER: room is full";
const TOO_MANY = "SERVER: too many bytes";

/** A text of so many characters, which are more bytes, and more for length. */
function characters(random: Random, count: number): string {
  const all = [..."aöж€日😀🚀"];
  const rest = Array.from({ length: count - 1 }, () => random.pick(all));
  return `😀${rest.join("")}`;
}

/** A text of so many bytes, which are fewer characters. */
function textOf(random: Random, length: number): string {
  const euros = Math.floor((length - 9) / 3);
  return "€".repeat(euros) + random.word(length - 3 * euros);
}

/** The program says `line`, and then no more. */
async function refused(peer: Peer, line: string): Promise<void> {
  await peer.expect(`${line}\n`);
  await peer.expectEnd();
}

/** What each of these limits does. Those that were not chosen are skipped. */
export const limitChecks: Check[] = [
  {
    name: "name: N characters are not too long, and one more is",
    hint: "Count characters, [...name].length. A name that is too long is " +
      "answered, and the next line is a name again",
    about: "A character of UTF-8 is one to four bytes. What a client may " +
      "choose goes to all others, so the server bounds it.",
    page: LIMITS_PAGE,
    step: 2,
    run: (target) =>
      inRoom(target, async (room) => {
        const { random } = target;
        const host = await room.join();
        const count = await needLimit(host, "name");
        const first = new Guest(
          characters(random, count),
          await room.connect(),
        );
        const wrong = [random.word(count + 1), characters(random, count + 1)];
        for (const name of wrong) {
          await first.say(name);
          await first.hear(TOO_LONG);
        }
        await first.say(first.name);
        await first.hear(`SERVER: Hello ${first.name}!`, {
          cause: `These are ${count} characters: [...name].length. Counted ` +
            "were bytes, or what name.length counts",
        });
        await room.joined(first);
        await room.talk(first);

        // The -2 is not counted. And all of it comes in one piece.
        const second = new Guest(`${first.name}-2`, await room.connect());
        const word = random.word();
        await second.say(random.word(count + 1), first.name, word);
        await second.hear([TOO_LONG, `SERVER: Hello ${second.name}!`]);
        await room.joined(second);
        await room.hearAll(`${second.name}: ${word}`, { except: second });
        await second.peer.close();
        await room.left(second);

        const nobody = await room.connect();
        await nobody.send("\n");
        const [, address = ""] = await nobody.expectLine(
          /^SERVER: Hello (\S+:\d+)!$/,
          '"SERVER: Hello IP:PORT!": that is no name of its own choice',
        );
        await room.joined(new Guest(address, nobody));
      }),
  },
  {
    name: "clients: N have room, the next one has when one has left",
    hint: "Compare clients.length when a name comes, not when a connection " +
      "does. Who finds no room was never in it, and changes no count",
    about: "Each member costs the server something with every message. A " +
      "limit on members is a limit on the work.",
    page: LIMITS_PAGE,
    step: 2,
    run: (target) =>
      inRoom(target, async (room) => {
        const nameless = await room.connect();
        const host = await room.join();
        const count = await needLimit(host, "clients");
        while (room.guests.length < count) await room.join();
        for (const peer of [nameless, await room.connect()]) {
          await peer.send(`${room.newName()}\n`);
          await refused(peer, FULL);
        }
        await room.talk(host, {
          cause:
            "Who has found no room was never in it, and nobody hears of it",
        });
        const leaver = room.guests[1] as Guest;
        await leaver.say("/quit");
        await leaver.hear("SERVER: Goodbye.");
        await room.left(leaver);
        await room.talk(await room.join());
        const late = await room.connect();
        await late.send(`${room.newName()}\n`);
        await refused(late, FULL);
        await room.talk(host);
      }),
  },
  {
    name: "bytes: N are heard, and one more is too many",
    hint: "Add up what conn.read returns. Give the splitter only the part " +
      "that is within the limit, hear its lines, and end it then",
    about: "One read may bring what is within a limit and what is over it. " +
      "The limit lies between two bytes, and not between two reads.",
    page: LIMITS_PAGE,
    step: 6,
    run: (target) =>
      inRoom(target, async (room) => {
        const { random } = target;
        const host = await room.join();
        const count = await needLimit(host, "bytes");

        // Exactly N, of which a newline is the last.
        const exact = await room.join();
        const [third, rest] = [Math.floor(count / 3), count % 3];
        const own = bytesOf(exact.name).length + 1;
        for (const length of [third - own, third, third + rest]) {
          const text = textOf(random, length - 1);
          await exact.say(text);
          await host.hear(`${exact.name}: ${text}`, {
            cause:
              `These are the first ${count} bytes of ${exact.peer.name}, ` +
              `and bytes=${count}`,
          });
        }
        await room.talk(host);
        await exact.peer.send("x");
        await exact.hear(TOO_MANY, {
          cause: `This is byte ${count + 1} of ${exact.peer.name}, and no ` +
            "line: bytes count, also those without a newline",
        });
        await exact.peer.expectEnd();
        await room.left(exact);

        // All in one piece: the last line begins within the limit.
        const hasty = new Guest(room.newName(), await room.connect());
        const word = random.word(5);
        const text = textOf(random, count - own - 6 - 11);
        await hasty.say(hasty.name, word, text, random.word(20));
        await hasty.hear([`SERVER: Hello ${hasty.name}!`, TOO_MANY]);
        await hasty.isOver();
        await room.joined(hasty);
        const lines = [word, text].map((line) => `${hasty.name}: ${line}`);
        await room.hearAll(lines, { except: hasty });
        await room.left(hasty);
        await room.talk(await room.join());
      }),
  },
];
