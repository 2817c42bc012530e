/**
 * The grader's end of a connection: it compares what comes with what should
 * come.
 *
 * @module
 */
import { causeIn } from "./cause.ts";
import { CheckFailure } from "./failure.ts";
import { LATE } from "./patience.ts";
import { compare, firstDifference, show } from "./show.ts";
import { bytesOf, type Data, Wire } from "./wire.ts";

/** The most that is waited for where nobody knows how much will come, in bytes. */
const MAX_LENGTH = 1024 * 1024;

/** Options of the waiting methods of {@linkcode Peer}. */
export interface ExpectOptions {
  /** Milliseconds that the program may take on top, because it was told to. */
  extra?: number;
  /** The likely cause if it fails, where it is plainer than the check's hint. */
  cause?: string;
}

/** One connection, as the grader holds it: what it expects of it. */
export class Peer extends Wire {
  /** What has come and was not expected: for reports, and no proof of silence. */
  get unexpected(): Uint8Array {
    return this.inbox.bytes.slice();
  }

  /**
   * Waits for exactly these bytes. What comes after them stays for the next
   * call.
   *
   * @throws {CheckFailure} If something else comes, or nothing, or not all.
   */
  async expect(data: Data, options: ExpectOptions = {}): Promise<void> {
    const expected = bytesOf(data);
    let same = 0; // So many bytes have been compared.
    await this.#until(() => {
      const { bytes } = this.inbox;
      const due = Math.min(bytes.length, expected.length);
      while (same < due && bytes[same] === expected[same]) same++;
      return same < due || same === expected.length;
    }, options);
    if (same === expected.length) this.inbox.take(same);
    else await this.#fail(expected, options);
  }

  /**
   * Waits for a line, which ends with LF, and returns it without.
   *
   * @param pattern What the whole line must match.
   * @param wanted The same in words, for the message: `its name and "hello"`.
   * @throws {CheckFailure} If it does not match, or no whole line comes.
   */
  async expectLine(
    pattern: RegExp,
    wanted: string,
    options: ExpectOptions = {},
  ): Promise<RegExpMatchArray> {
    return await this.expectUpTo("\n", pattern, wanted, options);
  }

  /**
   * Waits for text up to `end`, and returns it without. What comes after `end`
   * stays for the next call.
   *
   * @param end What stands behind the text: one ASCII character.
   * @param pattern What the whole text must match.
   * @param wanted The same in words, for the message: `the time`.
   * @throws {CheckFailure} If it does not match, or no `end` comes.
   */
  async expectUpTo(
    end: string,
    pattern: RegExp,
    wanted: string,
    options: ExpectOptions = {},
  ): Promise<RegExpMatchArray> {
    const inbox = this.inbox;
    const find = () => inbox.bytes.indexOf(end.charCodeAt(0));
    await this.#until(
      () => find() !== -1 || inbox.bytes.length > MAX_LENGTH,
      options,
    );
    const length = find();
    const text = inbox.bytes.subarray(0, Math.max(0, length));
    const match = length === -1
      ? null
      : new TextDecoder().decode(text).match(pattern);
    if (match !== null) {
      inbox.take(length + 1);
      return match;
    }
    const line = end === "\n";
    const message = inbox.bytes.length === 0
      ? `${this.name} got nothing`
      : length === -1
      ? `${this.name} got no ${line ? "whole line" : `"${end}"`}`
      : `${this.name} got ${line ? "another line" : "something else"}`;
    throw await this.#failure(message, [
      `expected  ${line ? "a line: " : ""}${wanted}`,
      `received  ${show(inbox.bytes)}`,
    ], options.cause);
  }

  /**
   * Waits for the end of the stream, with nothing more before it.
   *
   * @throws {CheckFailure} If more comes, or no end, or a reset.
   */
  async expectEnd(options: ExpectOptions = {}): Promise<void> {
    await this.#until(() => this.inbox.bytes.length > 0, options);
    if (this.inbox.bytes.length > 0) {
      throw await this.#failure(
        `${this.name} got more than it should`,
        [
          "expected  the end of the stream",
          `received  ${show(this.inbox.bytes)}`,
        ],
        options.cause,
      );
    }
    if (this.inbox.over === "closed") return;
    throw await this.#failure(
      this.inbox.over === "reset"
        ? `${this.name} was reset, and should see the end of the stream`
        : `${this.name} sees no end: the program does not close the connection`,
      [],
      options.cause,
    );
  }

  /**
   * Waits until the connection is over, in whichever way, and returns what came
   * before.
   *
   * @param options `atMost` is how many bytes may come before, a mebibyte
   * unless told.
   * @throws {CheckFailure} If it goes on, or more comes.
   */
  async expectOver(
    options: ExpectOptions & { atMost?: number } = {},
  ): Promise<Uint8Array> {
    const { atMost = MAX_LENGTH } = options;
    // One that sends for ever is not waited for.
    await this.#until(() => this.inbox.bytes.length > atMost, options);
    if (this.inbox.over === null) {
      const { bytes } = this.inbox;
      throw await this.#failure(
        `${this.name} still has its connection`,
        bytes.length > atMost ? [`received  ${show(bytes)}`] : [],
        options.cause,
      );
    }
    return this.inbox.take(this.inbox.bytes.length);
  }

  /**
   * Closes the connection in order, and waits until the program has closed it
   * too: then it has told the others. Not for ever, and whether it does is not
   * the question.
   */
  async leave(): Promise<void> {
    this.readAgain();
    this.halfClose();
    await this.#until(() => this.inbox.bytes.length > MAX_LENGTH, {});
    await this.drop();
  }

  /** Waits until `met`, or the connection is over, or late. */
  async #until(
    met: () => boolean,
    { extra = 0 }: ExpectOptions,
  ): Promise<void> {
    const { patience } = this.context;
    // A program that ends takes its connections with it.
    while (!met() && this.inbox.over === null) {
      if (await patience.wait(this.inbox.change, extra) === LATE) return;
    }
  }

  async #fail(expected: Uint8Array, options: ExpectOptions): Promise<never> {
    const received = this.inbox.bytes;
    const message = received.length === 0
      ? `${this.name} got nothing`
      : firstDifference(expected, received) === received.length
      ? `${this.name} got only ${received.length} of ${expected.length} bytes`
      : `${this.name} got something else`;
    throw await this.#failure(
      message,
      received.length === 0
        ? [`expected  ${show(expected)}`]
        : compare(expected, received),
      options.cause ?? causeIn(expected, received),
    );
  }

  /** A failure, with the reason why nothing more comes if there is one. */
  async #failure(
    message: string,
    shown: string[],
    cause?: string,
  ): Promise<CheckFailure> {
    const { over } = this.inbox;
    // Perhaps the program has just ended. Then that is the reason.
    if (over !== null) await this.context.settle();
    const end = this.context.end();
    const why = end !== undefined
      ? `: ${end.message}`
      : over !== null && /got (?:only|no)/.test(message)
      ? `: the connection was ${over}`
      : "";
    return new CheckFailure(message + why, {
      shown: [...shown, ...end?.shown ?? []],
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
