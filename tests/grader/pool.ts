/**
 * Doing several things at a time, but not too many.
 *
 * @module
 */

/**
 * Does `work` with each item, with at most `limit` of them at a time.
 *
 * @param items What to work on, in order.
 * @param limit How many may be under way, at least 1.
 * @param work Does one. When it rejects, no further one is begun.
 * @returns What came of each, in the order of the items.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pooled } from "./pool.ts";
 *
 * const squares = await pooled([1, 2, 3], 2, (n) => Promise.resolve(n * n));
 * assertEquals(squares, [1, 4, 9]);
 * ```
 */
export async function pooled<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  // All workers take from the same queue.
  const worker = async () => {
    for (const [index, item] of queue) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
