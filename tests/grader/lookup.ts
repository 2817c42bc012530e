/**
 * Finding what a person means by the name of a lesson or a check.
 *
 * @module
 */

/**
 * The lesson that `word` means: its number, its name, or how either begins.
 *
 * @param word `1`, `01`, `echo`, `01_echo`, `ec`.
 * @param lessons The names of all lessons, `01_echo` and so on.
 * @returns Every lesson that it may mean; one if it is clear.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findLessons } from "./lookup.ts";
 *
 * const lessons = ["01_echo", "02_request_reply", "10_broadcast"];
 * assertEquals(findLessons("1", lessons), ["01_echo"]);
 * assertEquals(findLessons("bro", lessons), ["10_broadcast"]);
 * assertEquals(findLessons("chat", lessons), []);
 * ```
 */
export function findLessons(word: string, lessons: string[]): string[] {
  const wanted = word.toLowerCase().replaceAll("-", "_");
  if (/^\d+$/.test(wanted)) {
    return lessons.filter((name) => parseInt(name) === Number(wanted));
  }
  const begins = lessons.filter((name) =>
    name.startsWith(wanted) || name.slice(3).startsWith(wanted)
  );
  const exact = begins.filter((name) =>
    name === wanted || name.slice(3) === wanted
  );
  return exact.length > 0 ? exact : begins;
}

/** A word means no lesson, or several. The message is for a person. */
export class UnclearLessonError extends Error {
  /**
   * Makes the error.
   *
   * @param word What was given.
   * @param found The lessons that it may mean.
   * @param lessons The names of all lessons.
   */
  constructor(word: string, found: string[], lessons: string[]) {
    const [trouble, which] = found.length === 0
      ? ["There is no lesson", lessons]
      : ["More than one lesson is", found];
    super(`${trouble} "${word}". Take one of: ${which.join(", ")}`);
    this.name = "UnclearLessonError";
  }
}

/**
 * The one lesson that `word` means, as {@linkcode findLessons} finds it.
 *
 * @throws {UnclearLessonError} If there is none, or more than one.
 */
export function chooseLesson(word: string, lessons: string[]): string {
  const found = findLessons(word, lessons);
  if (found.length === 1) return found[0] as string;
  throw new UnclearLessonError(word, found, lessons);
}

/** The names that contain `word`; only the one that is `word`, if one is. */
export function findChecks(word: string, names: string[]): string[] {
  if (names.includes(word)) return [word];
  const wanted = word.toLowerCase();
  return names.filter((name) => name.toLowerCase().includes(wanted));
}
