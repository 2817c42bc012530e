/**
 * What can go wrong with a demo.
 *
 * @module
 */

/** A demo cannot go on. The message is one line, for a person. */
export class DemoError extends Error {
  /** @param message What went wrong. */
  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, " "));
    this.name = "DemoError";
  }
}
