/**
 * The exercises of the course, and the programs that prove their checks.
 *
 * @module
 */
import type { Exercise } from "./check.ts";

const TESTS = new URL("../", import.meta.url);
const ROOT = new URL("../../", import.meta.url);

/** The folders of all lessons that have checks, in their order. */
export async function lessonNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(TESTS)) {
    if (!isDirectory || !/^\d\d_/.test(name)) continue;
    if (await exists(new URL(`${name}/checks.ts`, TESTS))) names.push(name);
  }
  return names.sort();
}

/** The exercise of a lesson. */
export async function loadExercise(lesson: string): Promise<Exercise> {
  const { exercise } = await import(
    new URL(`${lesson}/checks.ts`, TESTS).href
  ) as { exercise: Exercise };
  return exercise;
}

/** The paths of the programs of a lesson, from the project's folder. */
export interface Programs {
  /** The stub that a learner starts from. */
  stub: string;
  /** A good answer. */
  solution: string;
  /** The learner's own. */
  own: string;
}

/** Where the programs of a lesson are. */
export function programsOf(lesson: string): Programs {
  return {
    stub: `lessons/${lesson}/exercise.ts`,
    solution: `tests/${lesson}/solution.ts`,
    own: `work/${lesson}/exercise.ts`,
  };
}

/**
 * Puts the stub where the learner's own program belongs, if there is none.
 *
 * @returns Whether there was none.
 */
export async function beginExercise(lesson: string): Promise<boolean> {
  const { own, stub } = programsOf(lesson);
  if (await exists(own)) return false;
  await Deno.mkdir(`work/${lesson}`, { recursive: true });
  await Deno.copyFile(stub, own);
  return true;
}

/** Stands for all checks in the comment of a program that fails each of them. */
export const EVERY = "every check";

/** A wrong answer, and what has to be said of it. */
export interface BrokenProgram {
  /** Its path, from the project's folder. */
  path: string;
  /** The checks that it fails, each with words of the report. */
  fails: Map<string, string>;
}

/**
 * The wrong answers to the exercise of a lesson. Each says in its first comment
 * which checks it fails, and with which words:
 *
 * ```ts
 * /**
 *  * One read for each message.
 *  *
 *  * Fails: sends back a long message whole
 *  * Words: got only 1024 of
 *  *\/
 * ```
 */
export async function brokenPrograms(lesson: string): Promise<BrokenProgram[]> {
  const programs: BrokenProgram[] = [];
  const folder = `tests/${lesson}/broken`;
  for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
    if (!name.endsWith(".ts")) continue;
    const path = `${folder}/${name}`;
    const source = await Deno.readTextFile(new URL(path, ROOT));
    const fails = new Map(
      Array.from(
        source.matchAll(/^ \* Fails: (.+)\n \* Words: (.+)$/gm),
        ([, check = "", words = ""]) => [check, words],
      ),
    );
    programs.push({ path, fails });
  }
  return programs.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Whether there is a file. */
export async function exists(path: string | URL): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
