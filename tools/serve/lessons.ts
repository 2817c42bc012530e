/**
 * What there is to run, read from the folders of the lessons.
 *
 * @module
 */

const LESSONS = new URL("../../lessons/", import.meta.url);

/** A lesson as the start page lists it. */
export interface Lesson {
  /** The folder: `01_echo`. */
  name: string;
  /** The heading of its README. */
  title: string;
  /** The files to run, without the exercise: `echo_server.ts`. */
  scripts: string[];
}

/** The lessons, in their order. */
export async function listLessons(): Promise<Lesson[]> {
  const names = (await Array.fromAsync(Deno.readDir(LESSONS)))
    .filter((entry) => entry.isDirectory && /^\d\d_/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  return await Promise.all(names.map(readLesson));
}

async function readLesson(name: string): Promise<Lesson> {
  const folder = new URL(`${name}/`, LESSONS);
  const readme = await Deno.readTextFile(new URL("README.md", folder));
  const files = await Array.fromAsync(Deno.readDir(folder));
  return {
    name,
    title: readme.match(/^# (.*)$/m)?.[1] ?? name,
    scripts: files.map((entry) => entry.name)
      .filter((file) => file.endsWith(".ts") && file !== "exercise.ts")
      .sort(serverFirst),
  };
}

/** A server before the clients, which need it. */
function serverFirst(a: string, b: string): number {
  const rank = (file: string) => file.includes("client") ? 1 : 0;
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
