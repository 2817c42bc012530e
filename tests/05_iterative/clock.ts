/**
 * Clients of a server that sends away those who are silent, and whose fault it
 * is if one was.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { MACHINE_SLOW, Skip } from "../grader/failure.ts";
import type { Peer } from "../grader/peer.ts";
import type { Target } from "../grader/target.ts";

/** What a client is told that was silent for too long. */
export const TOO_SLOW = "Too slow\n";

/** What `--patience` is set to, in seconds: more where the machine is busy. */
const PATIENCE = [0.5, 1, 2];

/** The machine was so busy that the client may have been silent for too long. */
class HeldUp extends Error {}

/**
 * Starts the server with a short patience, and again with a longer one if the
 * machine was too busy to tell who was slow.
 *
 * @param run Is told the patience, in milliseconds.
 */
export async function withPatience(
  target: Target,
  run: (patience: number) => Promise<void>,
): Promise<void> {
  for (const seconds of PATIENCE) {
    await target.serve(["--patience", String(seconds)]);
    try {
      return await run(1000 * seconds);
    } catch (error) {
      if (!(error instanceof HeldUp)) throw error;
    }
    target.conversation.note("grader", "was held up, and begins again");
    await target.program.kill();
  }
  throw new Skip(MACHINE_SLOW);
}

/** Options of {@linkcode Speaker}. */
export interface SpeakerOptions {
  target: Target;
  /** What the server has for a client, in milliseconds. */
  patience: number;
  /** When its turn came at the earliest, in the time of the conversation. */
  since: number;
}

/** A client that keeps in mind when it has said something last. */
export class Speaker {
  readonly peer: Peer;
  readonly #target: Target;
  readonly #patience: number;
  /** The server's clock for it was not started before this. */
  #since: number;

  constructor(peer: Peer, { target, patience, since }: SpeakerOptions) {
    this.peer = peer;
    this.#target = target;
    this.#patience = patience;
    this.#since = since;
  }

  /** Says something, and waits for the echo. */
  async say(text: string): Promise<void> {
    const { now } = this.#target.conversation;
    await this.peer.send(text);
    await this.#unlessHeldUp(this.peer.expect(text, {
      cause: `It may be silent for ${this.#patience} ms, and was not. Start ` +
        "the clock when you have accepted a client, stop it when bytes come, " +
        "and start a new one for the next read",
    }));
    this.#since = now;
  }

  /** Waits for the echo of what it has said before its turn. */
  async hear(text: string): Promise<void> {
    await this.#unlessHeldUp(this.peer.expect(text));
  }

  /** Says something now and then, for longer than the server's patience. */
  async dribble(): Promise<void> {
    const { conversation, random } = this.#target;
    await this.say(random.word(1));
    const start = conversation.now;
    while (conversation.now - start < 1.3 * this.#patience) {
      await delay(this.#patience / 10);
      await this.say(random.word(1));
    }
    for (let round = 0; round < 3; round++) await this.say(random.word(1));
  }

  /** Says that it will send no more, and waits for the end. */
  async leave(): Promise<void> {
    this.peer.halfClose();
    await this.#unlessHeldUp(this.peer.expectEnd());
  }

  /**
   * A server may send a client away when its patience is over. If it does so
   * before, it is wrong. If it does so later, it may be right: perhaps it was
   * the machine that has held up the client.
   */
  async #unlessHeldUp(expected: Promise<void>): Promise<void> {
    try {
      await expected;
    } catch (error) {
      const sentAway = await this.#sentAway();
      if (sentAway !== null && sentAway - this.#since >= this.#patience) {
        throw new HeldUp();
      }
      throw error;
    }
  }

  /** When it was sent away, in the time of the conversation. */
  async #sentAway(): Promise<number | null> {
    try {
      const rest = new TextDecoder().decode(await this.peer.expectOver());
      if (!rest.endsWith(TOO_SLOW)) return null;
    } catch {
      return null; // It still has its connection.
    }
    const { events } = this.#target.conversation;
    return events.findLast(({ who, kind }) =>
      who === this.peer.name && kind === "received"
    )?.at ?? null;
  }
}

/** A client whose turn it is, as nobody else is there. */
export async function connectSpeaker(
  target: Target,
  patience: number,
): Promise<Speaker> {
  const since = target.conversation.now;
  const peer = await target.connect();
  return new Speaker(peer, { target, patience, since });
}
