/**
 * Names that nobody can have.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import type { Target } from "../grader/target.ts";
import { hear, openRoom, REFUSAL, type Room, say } from "./talk.ts";

const EXERCISE = "README.md#exercise";

/**
 * Sends each command, and makes sure that only the sender hears of it, and that
 * the names stay as they are. What proves the silence is a message: it has to
 * be the next thing that the other one gets.
 */
async function expectRefusals(
  { random }: Target,
  [ann, bob]: Room,
  commands: string[],
): Promise<void> {
  for (const command of commands) {
    await say(ann, command);
    await hear(ann, REFUSAL);
    const [word, reply] = [random.word(), random.word()];
    await say(ann, word);
    await hear(bob, `${ann.name}: ${word}`);
    await say(bob, reply);
    await hear(ann, `${bob.name}: ${reply}`);
  }
}

/** The checks of a change that is refused. */
export const refusalChecks: Check[] = [
  {
    name: "refuses a name that somebody in the room has",
    hint: "Ask isTaken() before you change anything. The sender's own name " +
      "is taken as well. Only the sender is told",
    about: "Whose fault it is gets the answer. To the others nothing has " +
      "happened.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      const room = await openRoom(target, 2);
      await expectRefusals(target, room, [
        `/name ${room[1].name}`,
        `/name ${room[0].name}`,
        `/name  ${room[1].name} `,
      ]);
    },
  },
  {
    name: "refuses a name of nothing or of spaces",
    hint: 'Cut off "/name", and trim. If nothing is left, it is refused; so ' +
      'is "/name" alone',
    about: "What is left out is input too, and a server decides what it " +
      "means before somebody tries.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      const room = await openRoom(target, 2);
      await expectRefusals(target, room, ["/name", "/name ", "/name    "]);
    },
  },
  {
    name: "refuses the name SERVER",
    hint: "isTaken() knows about it: ask it, and not the room alone",
    about: "What the server says begins with its name. If somebody else " +
      "could have it, nobody would know who is speaking.",
    page: EXERCISE,
    step: 2,
    async run(target) {
      const room = await openRoom(target, 2);
      await expectRefusals(target, room, ["/name SERVER"]);
    },
  },
];
