/**
 * A client that does not read.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { Skip } from "../grader/failure.ts";
import type { ExpectOptions } from "../grader/peer.ts";
import { letters } from "../grader/random.ts";
import type { Target } from "../grader/target.ts";
import { waitingInProgram } from "./backlog.ts";
import {
  allHear,
  arrive,
  hear,
  hearAmid,
  left,
  openRoom,
  type Room,
  speak,
  wrongLine,
} from "./talk.ts";

const OUTBOX = "README.md#an-outbox-for-each";

/** How much may wait for a client, in bytes. */
const MAX_WAITING = 1_048_576;

/** So much waits for a client that is behind, and still all right. */
const BEHIND = 500_000;

/** What waits may be less than what is counted, by so much at most. */
const UNSURE = 262_144;

/** So much is said at least from one look at what waits to the next. */
const STEP = 150_000;

/** Not more than this is said, in bytes: no system keeps that much, mostly. */
const MOST = 12_000_000;

/** What was said, while one did not read. */
interface Said {
  /** All that the sleeper has to get. */
  text: string;
  /** How often the first and the second one were told that it has left. */
  left: [number, number];
  /** When the sleeper stopped reading, as of `performance.now()`. */
  since: number;
}

/**
 * The third one stops reading, and the first one talks until `enough` waits for
 * it, or it is let go of. Every line is awaited by both others: who reads gets
 * it, and is never behind.
 *
 * @param enough How many bytes.
 * @param blind How many bytes are said where nobody knows what waits.
 */
async function talk(
  target: Target,
  [ann, bob, eve]: Room,
  enough: number,
  blind: number,
): Promise<Said> {
  const { random } = target;
  eve.client.stopReading();
  const said: Said = { text: "", left: [0, 0], since: performance.now() };
  const mayLeave = enough > MAX_WAITING;
  let look = Math.min(enough, blind);
  while (said.text.length < MOST && said.left[0] + said.left[1] === 0) {
    const length = random.integer(40_000, 59_990);
    const text = `${letters(random, length)}${random.word()}`;
    await ann.client.send(`${text}\n`);
    const line = `${ann.name}: ${text}`;
    for (const [index, member] of [ann, bob].entries()) {
      const aside = mayLeave ? left(eve.name) : null;
      said.left[index] = await hearAmid(member, line, aside);
    }
    said.text += `${line}\n`;
    const all = said.text.length;
    if (all < look) continue;
    const waiting = await waitingInProgram(eve.client, all);
    if (waiting === undefined ? all > blind : waiting > enough) {
      break;
    }
    // It takes time to find out, and before this it cannot be enough.
    look = all + STEP + Math.max(0, enough - (waiting ?? enough));
  }
  return said;
}

/**
 * How long it may take until the sleeper gets the next bytes. A system that
 * could not get rid of them tries again after twice the time each time, so it
 * may wait about as long again as it has waited by now.
 */
function afterSleep({ since }: Said): ExpectOptions {
  return { extra: 500 + 1.5 * (performance.now() - since) };
}

/** The checks of a client that does not read. */
export const sleeperChecks: Check[] = [
  {
    name: "lets a client that does not read hold up nobody",
    hint: "Nobody may wait for a write to one client but that client's own " +
      "loop. Put what is to be sent in its queue, and go on",
    about: "When the buffers of both systems are full, a write waits until " +
      "the client reads. That takes a few megabytes, and then for ever.",
    page: "README.md#to-one-after-the-other",
    step: 2,
    async run(target) {
      const room = await openRoom(target);
      await talk(target, room, MAX_WAITING + UNSURE, MOST);
    },
  },
  {
    name: "lets go of a client for which more than 1 MiB waits",
    hint: "Count the bytes in the queue, up when they come in, and down when " +
      "they are sent. Over 1 048 576 close the connection",
    about: "A queue without a limit is the memory of the server in the hands " +
      "of one client.",
    page: OUTBOX,
    step: 3,
    async run(target) {
      const room = await openRoom(target);
      const [ann, bob, eve] = room;
      const said = await talk(target, room, MAX_WAITING + UNSURE, MOST);
      const waiting = await waitingInProgram(eve.client, said.text.length);
      if (waiting !== undefined && waiting < MAX_WAITING + UNSURE) {
        if (said.left[0] + said.left[1] === 0 && said.text.length >= MOST) {
          throw new Skip(`this system alone keeps ${MOST} bytes for a client`);
        }
      }
      for (const [index, member] of [ann, bob].entries()) {
        const count = said.left[index] ?? 0;
        if (count === 0) await hear(member, left(eve.name));
        if (count > 1) throw wrongLine(member, "", left(eve.name));
      }
      await speak(target, [ann, bob]);
      eve.client.readAgain();
      await eve.client.expectOver({
        ...afterSleep(said),
        atMost: said.text.length,
      });
    },
  },
  {
    name: "sends all to a client that is behind by less, and reads again",
    hint: "What waits stays in the queue, in its order, until the client " +
      "reads. Count only what waits, not what has been sent",
    about:
      "A client that reads late has lost nothing: the bytes wait at both " +
      "systems and in the queue, and come in order.",
    page: OUTBOX,
    step: 3,
    async run(target) {
      const room = await openRoom(target);
      const [, , eve] = room;
      const said = await talk(target, room, BEHIND, BEHIND);
      eve.client.readAgain();
      await eve.client.expect(said.text, afterSleep(said));
      await speak(target, room);
    },
  },
  {
    name: "sends what it owes after the client's last word, then closes",
    hint: "The end of what a client sends is not the end of what it reads. " +
      "Wait until its queue is empty, then close",
    about: "Each direction ends by itself. What was said before is still " +
      "owed to a client that only reads.",
    page: "README.md#what-a-deadline-buys",
    step: 5,
    async run(target) {
      const room = await openRoom(target);
      const [ann, bob, eve] = room;
      const said = await talk(target, room, BEHIND, BEHIND);
      eve.client.halfClose();
      // By the second of these the server has seen the end.
      for (let count = 0; count < 2; count++) await arrive(target);
      eve.client.readAgain();
      await eve.client.expect(said.text, afterSleep(said));
      await eve.client.expectEnd();
      await allHear([ann, bob], left(eve.name));
      await speak(target, [ann, bob]);
    },
  },
];
