/**
 * The time between the steps of a demo.
 *
 * @module
 */

/**
 * Waits a moment, so that whoever watches can follow, and what is sent before
 * and after it is read apart. Where something has to have come, wait for it.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 350));
}
