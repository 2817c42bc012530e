/**
 * The list of lessons, to choose one.
 *
 * @module
 */
import type { Lesson } from "./course.ts";
import type { Progress } from "./progress.ts";

/** All lessons, one of which is pointed at. */
export class LessonList {
  readonly #course: Lesson[];
  #pointed: number;

  constructor(course: Lesson[], pointed: number) {
    this.#course = course;
    this.#pointed = pointed;
  }

  /** The lesson that is pointed at. */
  get lesson(): Lesson {
    return this.#course[this.#pointed] as Lesson;
  }

  /** Points at another one. Returns whether the key is for that. */
  move(key: string): boolean {
    const step = key === "up" ? -1 : key === "down" ? 1 : 0;
    const last = this.#course.length - 1;
    this.#pointed = Math.min(last, Math.max(0, this.#pointed + step));
    return step !== 0;
  }

  /** The first row that is shown, so that the lesson is among them. */
  scroll(room: number): number {
    return Math.max(0, this.#pointed - room + 1);
  }

  /** A row for each lesson, with its state. */
  text({ current, passed }: Progress): string[] {
    return this.#course.map(({ name }, index) => {
      const state = passed.includes(name)
        ? "done"
        : name === current
        ? "here"
        : "";
      const mark = index === this.#pointed ? ">" : " ";
      return `${mark} ${name.padEnd(20)} ${state}`;
    });
  }
}
