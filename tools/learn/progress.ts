/**
 * Where a learner is in the course, kept in a file.
 *
 * @module
 */

import { writeAll } from "../../lib/bytes.ts";

/** Where a learner is. */
export interface Progress {
  /** The lesson that is being worked on: `01_echo`. */
  current: string;
  /** The lessons whose exercise has passed, in their order. */
  passed: string[];
}

/** What was found in the file. */
export interface Loaded {
  /** Where the learner is. */
  progress: Progress;
  /**
   * Where the file was put, if it could not be read as what it should be. What
   * has passed is then not known.
   */
  setAside: string | null;
}

/**
 * Reads the file.
 *
 * @param path Where it is.
 * @param lessons The lessons of the course, in their order. What the file says
 * of others is left out.
 * @returns The beginning of the course if there is no such file.
 */
export async function loadProgress(
  path: string,
  lessons: readonly string[],
): Promise<Loaded> {
  const beginning = { current: lessons[0] ?? "", passed: [] };
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { progress: beginning, setAside: null };
  }
  const progress = parse(text, lessons);
  if (progress !== null) return { progress, setAside: null };
  const setAside = `${path}.broken`;
  await Deno.rename(path, setAside);
  return { progress: beginning, setAside };
}

/** What `text` says; `null` if it is not what {@linkcode saveProgress} writes. */
function parse(text: string, lessons: readonly string[]): Progress | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { current, passed } = (value ?? {}) as Record<string, unknown>;
  if (typeof current !== "string" || !Array.isArray(passed)) return null;
  return {
    // A lesson may have another name now.
    current: lessons.includes(current) ? current : lessons[0] ?? "",
    passed: lessons.filter((lesson) => passed.includes(lesson)),
  };
}

/**
 * Writes the file, whole or not at all: whoever reads it finds the old text or
 * the new one, whenever the program is killed.
 *
 * @param path Where it is; its folder is made if need be.
 */
export async function saveProgress(
  path: string,
  progress: Progress,
): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const unfinished = `${path}.${Deno.pid}.tmp`;
  const text = `${JSON.stringify(progress, null, 2)}\n`;
  {
    using file = await Deno.open(unfinished, {
      write: true,
      create: true,
      truncate: true,
    });
    await writeAll(file, new TextEncoder().encode(text));
    await file.sync(); // The name must not get to the disk before the text.
  }
  await Deno.rename(unfinished, path);
}
