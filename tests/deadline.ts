/**
 * A limit on every wait, so that a test that would hang says what it waited
 * for.
 *
 * @module
 */

/** How long a test waits for one thing, in milliseconds: far above any need. */
const LIMIT = 20_000;

/** Waits for `promise`, and throws if it takes too long. */
export async function within<T>(
  what: string,
  promise: Promise<T>,
  limit = LIMIT,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`Waited ${limit} ms for ${what}`)),
    limit,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
