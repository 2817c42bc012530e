/**
 * Somebody who learns, in a copy of the project.
 *
 * @module
 */
import type { Clone } from "../../clone.ts";

/** The program that leads through the course. */
export const LEARN = "tools/learn.ts";

/** What is kept of the way through the course. */
export async function progress(clone: Clone): Promise<unknown> {
  const path = `${clone.folder}/work/progress.json`;
  return JSON.parse(await Deno.readTextFile(path));
}
