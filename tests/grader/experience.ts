/**
 * What is known of a program.
 *
 * @module
 */
import type { CheckFailure } from "./failure.ts";

/** What is known of a program, from one check to the next. */
export class Experience {
  /**
   * Why it neither listens nor connects, nor ends. It is not tried again: that
   * takes long.
   */
  silence: CheckFailure | null = null;
  /** Whether it has failed a check. */
  failed = false;
}
