/**
 * What there is to run, from the tasks in deno.json.
 *
 * @module
 */
import config from "../../deno.json" with { type: "json" };

const LESSONS = new URL("../../lessons/", import.meta.url);

/** A lesson as the start page lists it. */
export interface Lesson {
  /** The folder: `01_echo`. */
  name: string;
  /** The heading of its README. */
  title: string;
  scripts: Script[];
}

/** A program of a lesson. */
export interface Script {
  /** The permissions and other flags that Deno needs for it: `-N`. */
  flags: string;
  /** The file in the folder of the lesson: `echo_server.ts`. */
  file: string;
}

/** The lessons in the order of the tasks. */
export async function listLessons(): Promise<Lesson[]> {
  const lessons = new Map<string, Script[]>();
  for (const { command } of Object.values(config.tasks)) {
    const parts = command.match(/^deno run (.+) lessons\/(\w+)\/(\w+\.ts)$/);
    if (parts === null) continue;
    const [, flags = "", name = "", file = ""] = parts;
    lessons.set(name, [...lessons.get(name) ?? [], { flags, file }]);
  }
  return await Promise.all(
    Array.from(lessons, async ([name, scripts]) => ({
      name,
      title: await readTitle(name),
      scripts,
    })),
  );
}

async function readTitle(name: string): Promise<string> {
  const readme = new URL(`${name}/README.md`, LESSONS);
  const heading = (await Deno.readTextFile(readme)).match(/^# (.+)$/m);
  return heading?.[1] ?? name;
}
