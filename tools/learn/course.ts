/**
 * The exercises that a learner goes through, and their files.
 *
 * @module
 */
import type { Exercise } from "../../tests/grader/check.ts";
import {
  exists,
  lessonNames,
  loadExercise,
  type Programs,
  programsOf,
} from "../../tests/grader/course.ts";

/** One exercise of the course. */
export interface Lesson {
  /** The name of its folder: `01_echo`. */
  name: string;
  /** Its checks. */
  exercise: Exercise;
  /** Its programs, from the project's folder. */
  programs: Programs;
  /** Its page. */
  page: string;
}

/** All exercises, in their order. */
export async function loadCourse(): Promise<Lesson[]> {
  const names = await lessonNames();
  return await Promise.all(names.map(async (name) => ({
    name,
    exercise: await loadExercise(name),
    programs: programsOf(name),
    page: `lessons/${name}/README.md`,
  })));
}

/** Takes the learner's program away, and keeps it under another name. */
export async function setAside({ programs: { own } }: Lesson): Promise<void> {
  if (await exists(own)) await Deno.rename(own, `${own}.bak`);
}
