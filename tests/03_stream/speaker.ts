/**
 * A client of exercise 03 that knows which number its next line gets.
 *
 * @module
 */
import type { Peer } from "../grader/peer.ts";
import { letters, type Random } from "../grader/random.ts";
import type { Target } from "../grader/target.ts";
import { bytesOf } from "../grader/wire.ts";

/** A line of about `length` letters and blanks, with a letter at both ends. */
export function longLine(random: Random, length: number): string {
  return letters(random, length - random.integer(1, 99)) + random.word();
}

/** A client that counts along. */
export class Speaker {
  readonly peer: Peer;
  readonly random: Random;
  #number = 0;

  private constructor(peer: Peer, random: Random) {
    this.peer = peer;
    this.random = random;
  }

  /** Connects to the server. */
  static async connect(target: Target): Promise<Speaker> {
    return new Speaker(await target.connect(), target.random);
  }

  /** The replies to the next lines. */
  replies(...lines: string[]): string {
    return lines.map((line) => `${++this.#number}: ${line}\n`).join("");
  }

  /**
   * Sends a line and waits for its reply: now it is this client's turn.
   *
   * @param rest What to send behind the line; it was read together with it.
   */
  async exchange(rest: Uint8Array = new Uint8Array(0)): Promise<void> {
    const word = this.random.word();
    await this.peer.send(new Uint8Array([...bytesOf(`${word}\n`), ...rest]));
    await this.peer.expect(this.replies(word));
  }

  /**
   * Sends a line in two parts that no single read can bring together, and waits
   * for the reply.
   *
   * @param line What the reply has to say.
   * @param wire The bytes of the line, with its end.
   * @param cut How many bytes belong to the first part.
   */
  async exchangeCut(
    line: string,
    wire: Uint8Array,
    cut: number,
  ): Promise<void> {
    await this.exchange(wire.subarray(0, cut));
    await this.peer.send(wire.subarray(cut));
    await this.peer.expect(this.replies(line));
  }
}
