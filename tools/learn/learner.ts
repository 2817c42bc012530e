/**
 * The loop: a learner edits and saves, the exercise is graded, and keys ask for
 * help or lead on.
 *
 * @module
 */
import { begin, type Lesson, reset } from "./course.ts";
import { diffLines } from "./diff.ts";
import { type Graded, gradeOwn } from "./grading.ts";
import { openEditor, openPager } from "./others.ts";
import { section } from "./page.ts";
import { type Progress, saveProgress } from "./progress.ts";
import type { Screen } from "./screen.ts";
import { countOf, frame, roomFor, rowsOf, verdictText } from "./view.ts";
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
  #graded: Graded | null = null;
  #grading: { abort: AbortController; over: Promise<void> } | null = null;
  #watcher: Disposable | null = null;
  /** What is read in place of the verdict, `null` for the verdict. */
  #text: string[] | null = null;
  #all = false;
  /** The lesson that is pointed at in the list, -1 without a list. */
  #pointed = -1;
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
      await this.#press(key);
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
    if (this.#pointed !== -1) {
      this.#scroll = Math.max(0, this.#pointed - room + 1);
    }
    const counted = this.#graded === null ? "" : countOf(this.#graded.results);
    screen.draw(frame(
      {
        number: course.indexOf(this.#lesson) + 1,
        lessons: course.length,
        passed: this.#progress.passed.length,
        file: this.#lesson.programs.own,
        status: this.#grading !== null ? "checking..." : counted,
        text,
        scroll: this.#scroll,
        message: this.#question?.text ?? this.#message,
      },
      size,
      !Deno.noColor,
    ));
  }

  #shown(): string[] {
    if (this.#pointed !== -1) return this.#list();
    if (this.#text !== null) return this.#text;
    if (this.#graded === null) return ["The first verdict is on its way."];
    const { results, trouble } = this.#graded;
    if (trouble !== null) {
      return ["The grader itself has failed, not your program:", trouble];
    }
    return verdictText(results, this.#lesson.exercise.summary, this.#all);
  }

  /** All lessons, each with its state. */
  #list(): string[] {
    return this.#options.course.map(({ name }, index) => {
      const state = this.#progress.passed.includes(name)
        ? "done"
        : name === this.#progress.current
        ? "here"
        : "";
      return `${index === this.#pointed ? ">" : " "} ${
        name.padEnd(20)
      } ${state}`;
    });
  }

  /** Shows `text` in place of the verdict. */
  #show(text: string[] | null): void {
    this.#text = text;
    this.#pointed = -1;
    this.#scroll = 0;
  }

  /** Goes to a lesson, and grades it. */
  async #open(lesson: Lesson): Promise<void> {
    await this.#stop();
    this.#progress.current = lesson.name;
    await saveProgress(this.#options.path, this.#progress);
    const fresh = await begin(lesson);
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

  /** Begins to grade; what was begun before is given up. */
  #grade(): void {
    const before = this.#grading;
    before?.abort.abort();
    const abort = new AbortController();
    const lesson = this.#lesson;
    const over = (async () => {
      await before?.over;
      if (abort.signal.aborted) return;
      const graded = await gradeOwn(lesson, abort.signal);
      if (graded === null || abort.signal.aborted) return;
      await this.#take(lesson, graded);
    })().catch((error) => {
      this.#message = `Cannot grade: ${error.message}`;
    }).finally(() => {
      if (this.#grading?.abort === abort) this.#grading = null;
      this.draw();
    });
    this.#grading = { abort, over };
    this.draw();
  }

  /** There is a verdict. */
  async #take(lesson: Lesson, graded: Graded): Promise<void> {
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
    if (this.#pointed !== -1 && await this.#choose(key)) return;
    this.#message = "";
    const { course, screen } = this.#options;
    const at = course.indexOf(this.#lesson);
    switch (key) {
      case "up":
        this.#scroll = Math.max(0, this.#scroll - 1);
        break;
      case "down":
        this.#scroll++;
        break;
      case " ":
        this.#scroll += roomFor(screen.size);
        break;
      case "b":
        this.#scroll = Math.max(0, this.#scroll - roomFor(screen.size));
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
        this.#pointed = this.#pointed === -1 ? at : -1;
        this.#scroll = 0;
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
        this.#wire();
        break;
      case "s":
        if (this.#passed) await this.#solution();
        else {
          this.#question = {
            text: "Not passed yet. See a solution all the same? y/n",
            yes: () => this.#solution(),
          };
        }
        break;
      case "x":
        this.#question = {
          text: `Begin again? Your file stays as exercise.ts.bak. y/n`,
          yes: async () => {
            await reset(this.#lesson);
            this.#show(null);
            this.#grade();
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

  /** A key while the list is open. Returns whether it was for the list. */
  async #choose(key: string): Promise<boolean> {
    const { course } = this.#options;
    switch (key) {
      case "up":
        this.#pointed = Math.max(0, this.#pointed - 1);
        return true;
      case "down":
        this.#pointed = Math.min(course.length - 1, this.#pointed + 1);
        return true;
      case "enter":
        await this.#open(course[this.#pointed] as Lesson);
        return true;
    }
    this.#pointed = -1;
    return key === "l";
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
    const { exercise, page, name } = this.#lesson;
    const failed = this.#graded?.results.find(({ outcome }) =>
      outcome === "failed"
    );
    const check = exercise.checks.find((check) => check.name === failed?.name);
    if (check === undefined) {
      this.#message = "Nothing has failed.";
      return;
    }
    this.#hints++;
    const text = [
      `FAIL  ${check.name}`,
      "",
      `Likely:   ${check.hint}`,
      `The wire: ${check.about}`,
      `Read on:  lessons/${name}/${check.page}`,
    ];
    if (this.#hints === 1) {
      this.#show([...text, "", "h again shows what the page says."]);
      return;
    }
    const [file = "", anchor = ""] = check.page.split("#");
    const source = await Deno.readTextFile(
      file === "README.md" ? page : `lessons/${name}/${file}`,
    );
    this.#show([...text, "", ...section(source, anchor)]);
  }

  /** What was said on the wire: where it went wrong, or in every check. */
  #wire(): void {
    const results = this.#graded?.results ?? [];
    const wrong = results.filter(({ outcome }) => outcome === "failed");
    const told = wrong.length > 0 ? wrong : results;
    this.#show(told.flatMap(({ name, conversation }) => [
      `# ${name}`,
      ...conversation,
      "",
    ]));
  }

  async #solution(): Promise<void> {
    const { own, solution } = this.#lesson.programs;
    const lines = diffLines(
      await Deno.readTextFile(own),
      await Deno.readTextFile(solution),
    );
    if (lines.length === 0) {
      this.#show([`Your program and ${solution} are the same.`]);
      return;
    }
    this.#show([
      `From your program (-) to another right one (+), ${solution}:`,
      "",
      ...lines,
    ]);
  }

  /** Nothing of this lesson is watched or graded any more. */
  async #stop(): Promise<void> {
    this.#watcher?.[Symbol.dispose]();
    this.#watcher = null;
    this.#grading?.abort.abort();
    await this.#grading?.over;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
