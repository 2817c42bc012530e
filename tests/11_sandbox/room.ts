/**
 * A room of guests at the server of exercise 11.
 *
 * Every check keeps to the strictest limits that a learner may choose, whether
 * they were chosen or not: 5 lines of each guest besides its name, 3 guests with
 * a name, names of 8 characters, 1000 bytes of each guest, 2 seconds of silence.
 * Only the check of a limit goes up to what /help says, and then over it.
 *
 * @module
 */
import { CheckFailure, MACHINE_SLOW, Skip } from "../grader/failure.ts";
import { isMachineSlow } from "../grader/patience.ts";
import type { ExpectOptions, Peer } from "../grader/peer.ts";
import { show } from "../grader/show.ts";
import type { Target } from "../grader/target.ts";

/** The shortest limit on silence, in milliseconds. */
const SHORTEST_SILENCE = 2000;

/** How often a check is made that the machine was too slow for. */
const ATTEMPTS = 3;

/** The same where the program may as well be wrong. */
const ATTEMPTS_AT_FAILURE = 2;

/**
 * The machine was too slow: what has happened says nothing about the program.
 * Its cause is a failure, if one was seen.
 */
export class TooSlow extends Error {}

/** Somebody in the room. */
export class Guest {
  /** How the server calls it. */
  readonly name: string;
  /** Its connection. */
  readonly peer: Peer;

  constructor(name: string, peer: Peer) {
    this.name = name;
    this.peer = peer;
  }

  /** Sends lines, in one piece. */
  async say(...lines: string[]): Promise<void> {
    await this.peer.send(lines.map((line) => `${line}\n`).join(""));
  }

  /** Waits for lines; nothing else may come before or between them. */
  async hear(
    lines: string | string[],
    options: ExpectOptions = {},
  ): Promise<void> {
    const all = typeof lines === "string" ? [lines] : lines;
    for (const line of all) await this.peer.expect(`${line}\n`, options);
  }

  /** Waits until its connection is over, with nothing more before that. */
  async isOver(): Promise<void> {
    const more = await this.peer.expectOver();
    if (more.length === 0) return;
    throw new CheckFailure(`${this.peer.name} got more than it should`, {
      shown: [`received  ${show(more)}`],
    });
  }
}

/** The guests of one attempt at a check. */
export class Room {
  readonly target: Target;
  /** Those who have joined and not left, in their order. */
  readonly guests: Guest[] = [];
  readonly #peers: Peer[] = [];
  readonly #names = new Set<string>();
  readonly #start = performance.now();

  constructor(target: Target) {
    this.target = target;
  }

  /** A name that nobody has had. */
  newName(): string {
    const name = this.target.random.word(5);
    if (this.#names.has(name)) return this.newName();
    this.#names.add(name);
    return name;
  }

  /** Connects, and says nothing. */
  async connect(): Promise<Peer> {
    const peer = await this.target.connect();
    this.#peers.push(peer);
    return peer;
  }

  /** Somebody joins, and everybody hears of it. */
  async join(name: string = this.newName(), peer?: Peer): Promise<Guest> {
    const guest = new Guest(name, peer ?? await this.connect());
    await guest.say(name);
    await guest.hear(`SERVER: Hello ${name}!`);
    await this.joined(guest);
    return guest;
  }

  /** Somebody has been greeted: now the others hear of it. */
  async joined(guest: Guest): Promise<void> {
    await this.hearAll(`SERVER: ${guest.name} has joined the chat.`);
    this.guests.push(guest);
  }

  /** Somebody is gone: the others hear of it. */
  async left(guest: Guest): Promise<void> {
    this.guests.splice(this.guests.indexOf(guest), 1);
    await this.hearAll(`SERVER: ${guest.name} has left the chat.`);
  }

  /** Everybody in the room hears the same, `except` one. */
  async hearAll(
    lines: string | string[],
    options: ExpectOptions & { except?: Guest } = {},
  ): Promise<void> {
    for (const guest of this.guests) {
      if (guest !== options.except) await guest.hear(lines, options);
    }
  }

  /**
   * Somebody says a word, and all others hear it. That this is what they hear
   * next shows that nothing has come to them since.
   */
  async talk(speaker: Guest, options: ExpectOptions = {}): Promise<void> {
    const word = this.target.random.word();
    await speaker.say(word);
    const line = `${speaker.name}: ${word}`;
    await this.hearAll(line, { ...options, except: speaker });
  }

  /** Whether somebody may rightly have been too quiet for the program. */
  get quiet(): boolean {
    if (performance.now() - this.#start < SHORTEST_SILENCE) return false;
    return this.target.conversation.events.some(({ kind, bytes }) =>
      kind === "received" &&
      new TextDecoder().decode(bytes).includes("SERVER: too quiet")
    );
  }

  /** Everybody leaves, so that the next attempt finds an empty room. */
  async leave(): Promise<void> {
    for (const peer of this.#peers) await peer.leave();
  }
}

/**
 * Makes a check, and again if the machine was too slow for it.
 *
 * @throws {Skip} If it always is.
 */
export async function attempt(
  target: Target,
  run: (room: Room) => Promise<void>,
): Promise<void> {
  await target.serve();
  for (let count = 1;; count++) {
    const room = new Room(target);
    try {
      return await run(room);
    } catch (error) {
      if (!(error instanceof TooSlow)) throw error;
      const { cause } = error;
      const last = cause === undefined ? ATTEMPTS : ATTEMPTS_AT_FAILURE;
      if (count === last) {
        if (cause !== undefined && !await isMachineSlow()) throw cause;
        throw new Skip(MACHINE_SLOW);
      }
    }
    await room.leave();
  }
}

/**
 * Makes a check, and again if it took so long that a limit on silence may have
 * come between.
 */
export async function inRoom(
  target: Target,
  run: (room: Room) => Promise<void>,
): Promise<void> {
  await attempt(target, async (room) => {
    try {
      await run(room);
    } catch (error) {
      if (!(error instanceof CheckFailure && room.quiet)) throw error;
      throw new TooSlow("Somebody was too quiet", { cause: error });
    }
  });
}
