/**
 * What the server of exercise 05 does with silent clients.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import { letters } from "../grader/random.ts";
import { connectSpeaker, Speaker, TOO_SLOW, withPatience } from "./clock.ts";

const EXERCISE = "README.md#exercise";
const HOW = "README.md#how-it-works";

/** The clock, and what it must not do. */
export const clockChecks: Check[] = [
  {
    name: "tells a silent client that it is too slow, and serves the next",
    hint:
      'When the clock runs out, write "Too slow\\n", close the connection ' +
      "and catch what the read throws then. The loop has to go on",
    about:
      "Nothing comes over the wire from a silent client. Only a clock of " +
      "your own tells you how long.",
    page: EXERCISE,
    step: 4,
    run: (target) =>
      withPatience(target, async (patience) => {
        const start = target.conversation.now;
        const silent = await target.connect();
        await silent.expect(TOO_SLOW, { extra: patience });
        const took = Math.ceil(target.conversation.now - start);
        await silent.expectEnd();
        if (took < 0.9 * patience) {
          throw new CheckFailure(
            `client 1 was told so after ${took} ms, and may be silent for ` +
              `${patience} ms`,
            { cause: "setTimeout takes milliseconds: patience * 1000" },
          );
        }
        const next = await connectSpeaker(target, patience);
        await next.say(target.random.word());
        await next.say(target.random.word());
      }),
  },
  {
    name: "tells a client that falls silent, after all that it is owed",
    hint: "Start a clock before each read, not only before the first",
    about: "Who has said something may fall silent all the same. What it has " +
      "sent is still to be answered.",
    page: EXERCISE,
    step: 3,
    run: (target) =>
      withPatience(target, async (patience) => {
        const client = await connectSpeaker(target, patience);
        await client.say(target.random.word());
        await client.say(letters(target.random, 20_000));
        await client.peer.expect(TOO_SLOW, { extra: patience });
        await client.peer.expectEnd();
      }),
  },
  {
    name: "gives a client all its time again whenever bytes come",
    hint: "Stop the clock after each read, however that ends: clearTimeout. " +
      "Before the next read start a new one",
    about: "The silence of a client is measured, not how long it stays. One " +
      "byte now and then is enough.",
    page: EXERCISE,
    step: 3,
    run: (target) =>
      withPatience(target, async (patience) => {
        // The clock of one that has left must not hit anybody.
        const first = await connectSpeaker(target, patience);
        await first.say(target.random.word());
        await first.leave();
        const client = await connectSpeaker(target, patience);
        await client.dribble();
      }),
  },
  {
    name: "does not count the time that a client waits for its turn",
    hint:
      "Start the clock of a client when you have accepted it and its turn " +
      "has come, and accept nobody before that",
    about: "The system has made the connection long before its turn. For the " +
      "program the client begins with accept.",
    page: HOW,
    step: 3,
    run: (target) =>
      withPatience(target, async (patience) => {
        const first = await connectSpeaker(target, patience);
        await first.say(target.random.word());
        const waiting = await target.connect();
        const word = target.random.word();
        await waiting.send(word);
        await first.dribble();
        const since = target.conversation.now;
        const second = new Speaker(waiting, { target, patience, since });
        await first.leave();
        await second.hear(word);
      }),
  },
];
