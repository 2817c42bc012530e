/**
 * A program does not do what a check asks of it.
 *
 * @module
 */

/** What can be told of a failure besides the promise and the conversation. */
export interface FailureDetails {
  /** Lines that show it: what was expected and what came. */
  shown?: string[];
  /** The likely cause, where it is plainer than the hint of the check. */
  cause?: string;
}

/**
 * The program that is graded has failed a check. Any other error that a check
 * throws is the grader's own.
 */
export class CheckFailure extends Error {
  /** Lines that show it. */
  readonly shown: string[];
  /** The likely cause, if it is known better than the hint. */
  readonly likelyCause: string | undefined;

  /**
   * Makes a failure.
   *
   * @param message What happened, in one line: `client 2 got nothing`.
   * @param details What else is known.
   */
  constructor(message: string, details: FailureDetails = {}) {
    super(message);
    this.name = "CheckFailure";
    this.shown = details.shown ?? [];
    this.likelyCause = details.cause;
  }
}

/** The reason of a {@linkcode Skip} that has nothing to do with the program. */
export const MACHINE_SLOW = "the machine is too slow just now";

/** A check cannot be made of this program; that is no fault of the program's. */
export class Skip extends Error {
  /**
   * Makes it.
   *
   * @param reason Why: "the server would have to be started with --log".
   */
  constructor(reason: string) {
    super(reason);
    this.name = "Skip";
  }
}
