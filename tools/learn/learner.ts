/**
 * The loop: a learner edits and saves, the exercise is graded, and keys ask for
 * help or lead on.
 *
 * @module
 */
import { beginExercise } from "../../tests/grader/course.ts";
import { systemReason } from "../../tests/grader/system.ts";
import { type Lesson, setAside } from "./course.ts";
import { Gradings, type Verdicts } from "./grading.ts";
import { openEditor, openPager } from "./others.ts";
import { LessonList } from "./list.ts";
import { type Progress, saveProgress } from "./progress.ts";
import { hintText, solutionText, wireText } from "./reading.ts";
import type { Screen } from "./screen.ts";
import {
  countOf,
  frame,
  roomFor,
  rowsOf,
  scrolled,
  verdictText,
} from "./view.ts";
import { watchFile } from "./watch.ts";

/** A question that y answers. */
interface Question {
  text: string;
  yes: () => Promise<void> | void;
}

/** Options of {@linkcode Learner}. */
export interface LearnerOptions {
  course: Lesson[];
  progress: Progress;
  /** Where the progress is kept. */
  path: string;
  screen: Screen;
  /** Some news for the beginning. */
  message: string;
}

/** One learner at one terminal. Let go of it, and nothing runs any more. */
export class Learner implements AsyncDisposable {
  readonly #options: LearnerOptions;
  readonly #progress: Progress;
  readonly #gradings = new Gradings(() => this.draw());
  #graded: Verdicts | null = null;
  #watcher: Disposable | null = null;
  /** What is read in place of the verdict, `null` for the verdict. */
  #text: string[] | null = null;
  #all = false;
  #list: LessonList | null = null;
  #hints = 0;
  #scroll = 0;
  #message: string;
  #question: Question | null = null;

  constructor(options: LearnerOptions) {
    this.#options = options;
    this.#progress = options.progress;
    this.#message = options.message;
  }

  /** Goes on until the learner quits. */
  async run(): Promise<void> {
    await this.#open(this.#lesson);
    for await (const key of this.#options.screen.keys()) {
      if (key === "ctrl-c" || (key === "q" && this.#question === null)) return;
      try {
        await this.#press(key);
      } catch (error) {
        // Files are the learner's too: they may be gone.
        this.#message = systemReason(error);
      }
      this.draw();
    }
  }

  get #lesson(): Lesson {
    const { course } = this.#options;
    return course.find(({ name }) => name === this.#progress.current) ??
      course[0] as Lesson;
  }

  get #passed(): boolean {
    return this.#progress.passed.includes(this.#lesson.name);
  }

  /** Draws all that is to be seen now. */
  draw(): void {
    const { course, screen } = this.#options;
    const { size } = screen;
    const text = this.#shown();
    const room = roomFor(size);
    const last = Math.max(0, rowsOf(text, size.columns).length - room);
    this.#scroll = Math.min(this.#scroll, last);
    const scroll = this.#list?.scroll(room) ?? this.#scroll;
    const counted = this.#graded === null ? "" : countOf(this.#graded.results);
    screen.draw(frame(
      {
        number: course.indexOf(this.#lesson) + 1,
        lessons: course.length,
        passed: this.#progress.passed.length,
        file: this.#lesson.programs.own,
        status: this.#gradings.running ? "checking..." : counted,
        text,
        scroll,
        message: this.#question?.text ?? this.#message,
      },
      size,
      !Deno.noColor,
    ));
  }

  #shown(): string[] {
    if (this.#list !== null) return this.#list.text(this.#progress);
    if (this.#text !== null) return this.#text;
    if (this.#graded === null) return ["The first verdict is on its way."];
    const { results, trouble } = this.#graded;
    if (trouble !== null) {
      return ["The grader itself has failed, not your program:", trouble];
    }
    return verdictText(results, this.#lesson.exercise.summary, this.#all);
  }

  /** Shows `text` in place of the verdict. */
  #show(text: string[] | null): void {
    this.#text = text;
    this.#list = null;
    this.#scroll = 0;
  }

  /** Goes to a lesson, and grades it. */
  async #open(lesson: Lesson): Promise<void> {
    await this.#stop();
    this.#progress.current = lesson.name;
    await saveProgress(this.#options.path, this.#progress);
    const fresh = await beginExercise(lesson.name);
    if (fresh && this.#message === "") {
      this.#message = `${lesson.programs.own} is yours: edit it, and save.`;
    }
    this.#graded = null;
    this.#all = false;
    this.#hints = 0;
    this.#show(null);
    this.#watcher = watchFile(lesson.programs.own, () => {
      this.#message = "";
      this.#grade();
    });
    this.#grade();
  }

  #grade(): void {
    const lesson = this.#lesson;
    this.#gradings.start(
      lesson,
      (verdicts) => this.#take(lesson, verdicts),
      (error) => this.#message = `Cannot grade: ${error.message}`,
    );
  }

  /** There is a verdict. */
  async #take(lesson: Lesson, graded: Verdicts): Promise<void> {
    this.#graded = graded;
    this.#hints = 0;
    // What somebody reads stays; a verdict is replaced by the new one.
    if (this.#text === null) this.#scroll = 0;
    else this.#message = `New verdict: ${countOf(graded.results)}. v shows it`;
    if (!graded.passed || this.#passed) return;
    this.#progress.passed.push(lesson.name);
    this.#progress.passed.sort();
    await saveProgress(this.#options.path, this.#progress);
  }

  async #press(key: string): Promise<void> {
    const question = this.#question;
    this.#question = null;
    if (question !== null) {
      this.#message = "";
      if (key === "y") await question.yes();
      return;
    }
    if (this.#list !== null) {
      const list = this.#list;
      this.#list = null;
      if (key === "enter") return await this.#open(list.lesson);
      if (list.move(key)) this.#list = list;
      if (this.#list !== null || key === "l") return;
    }
    this.#message = "";
    const { course, screen } = this.#options;
    const at = course.indexOf(this.#lesson);
    switch (key) {
      case "up":
      case "down":
      case " ":
      case "b":
        this.#scroll = scrolled(this.#scroll, key, roomFor(screen.size));
        break;
      case "v":
        this.#show(null);
        break;
      case "a":
        this.#all = !this.#all;
        this.#show(null);
        break;
      case "h":
        await this.#hint();
        break;
      case "l":
        this.#list = new LessonList(course, at);
        break;
      case "n":
        await this.#next(at);
        break;
      case "p":
        if (at > 0) await this.#open(course[at - 1] as Lesson);
        else this.#message = "This is the first lesson.";
        break;
      case "r":
        this.#grade();
        break;
      case "w":
        this.#show(wireText(this.#graded?.results ?? []));
        break;
      case "s":
        if (this.#passed) this.#show(await solutionText(this.#lesson));
        else {
          this.#question = {
            text: "Not passed yet. See a solution all the same? y/n",
            yes: async () => this.#show(await solutionText(this.#lesson)),
          };
        }
        break;
      case "x":
        this.#question = {
          text: `Begin again? Your file stays as exercise.ts.bak. y/n`,
          yes: async () => {
            await setAside(this.#lesson);
            await this.#open(this.#lesson);
          },
        };
        break;
      case "o":
        await screen.lend(async () => {
          this.#message = await openPager(this.#lesson.page);
        });
        break;
      case "e":
        await screen.lend(async () => {
          this.#message = await openEditor(this.#lesson.programs.own);
        });
        break;
    }
  }

  async #next(at: number): Promise<void> {
    const next = this.#options.course[at + 1];
    if (next === undefined) {
      this.#message = this.#passed
        ? "This was the last lesson."
        : "This is the last lesson.";
    } else if (this.#passed) {
      await this.#open(next);
    } else {
      this.#question = {
        text: "Not passed yet. Go on all the same? y/n",
        yes: () => this.#open(next),
      };
    }
  }

  /** The hint of the first check that fails; then what the page says. */
  async #hint(): Promise<void> {
    const results = this.#graded?.results ?? [];
    const text = await hintText(this.#lesson, results, this.#hints > 0);
    if (text === null) {
      this.#message = "Nothing has failed.";
      return;
    }
    this.#hints++;
    this.#show(text);
  }

  /** Nothing of this lesson is watched or graded any more. */
  async #stop(): Promise<void> {
    this.#watcher?.[Symbol.dispose]();
    this.#watcher = null;
    await this.#gradings.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
