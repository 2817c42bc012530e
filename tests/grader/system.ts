/**
 * What the operating system does not do.
 *
 * @module
 */

/**
 * Why the system refuses something: no such file, a full disk, a folder that
 * cannot be written to.
 *
 * @param error What was thrown.
 * @returns The reason in one line.
 * @throws {unknown} `error` itself, if it does not come from the system: a bug.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { systemReason } from "./system.ts";
 *
 * try {
 *   await Deno.readTextFile("no/such/file");
 * } catch (error) {
 *   assertMatch(systemReason(error), /^No such file or directory/);
 * }
 * ```
 */
export function systemReason(error: unknown): string {
  if (error instanceof Error && "code" in error) return error.message;
  throw error;
}
