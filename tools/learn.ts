/**
 * The course as a loop: every save of an exercise is graded.
 *
 * Run: deno task learn
 *
 * @module
 */
import { switchFlag } from "../lib/flag.ts";
import { flagsOrExit } from "../lib/flags.ts";
import { beginExercise, exists } from "../tests/grader/course.ts";
import { pointsOf, prettyVerdict } from "../tests/grader/pretty.ts";
import { systemReason } from "../tests/grader/system.ts";
import { type Lesson, loadCourse } from "./learn/course.ts";
import { gradeOwn } from "./learn/grading.ts";
import { Learner } from "./learn/learner.ts";
import { bar } from "./learn/layout.ts";
import { loadProgress, type Progress, saveProgress } from "./learn/progress.ts";
import { Screen } from "./learn/screen.ts";

const PATH = "work/progress.json";

/** Finds out by grading what has passed: the lessons that were begun. */
async function rebuild(course: Lesson[], progress: Progress): Promise<void> {
  for (const lesson of course) {
    if (!await exists(lesson.programs.own)) continue;
    console.log(`Grading ${lesson.name} ...`);
    if ((await gradeOwn(lesson))?.passed) progress.passed.push(lesson.name);
    progress.current = lesson.name;
  }
  await saveProgress(PATH, progress);
}

/** Without a terminal: one verdict, for whoever reads it. */
async function once(course: Lesson[], progress: Progress): Promise<number> {
  const at = course.findIndex(({ name }) => name === progress.current);
  const lesson = course[at] as Lesson;
  if (await beginExercise(lesson.name)) {
    console.log(`Your program is ${lesson.programs.own}: a copy of the stub.`);
  }
  const { passed } = progress;
  console.log(
    `Lesson ${at + 1} of ${course.length}, ${lesson.programs.own}   ` +
      `${passed.length} done ${bar(passed.length, course.length, 20)}\n`,
  );
  const graded = await gradeOwn(lesson);
  if (graded === null) return 130;
  const { results, trouble } = graded;
  if (trouble !== null) {
    console.error("The grader itself has failed, not your program:");
    console.error(trouble);
    return 1;
  }
  const points = pointsOf(results, lesson.exercise.checks);
  const again = `deno task grade ${lesson.name.slice(3)}`;
  for (const line of prettyVerdict(results, points, again)) console.log(line);
  if (!graded.passed) return 1;
  console.log(`\n${lesson.exercise.summary}`);
  if (!passed.includes(lesson.name)) passed.push(lesson.name);
  const next = course[at + 1];
  if (next !== undefined) {
    progress.current = next.name;
    console.log(`\nNext: ${next.page}, then deno task learn again.`);
  }
  await saveProgress(PATH, progress);
  return 0;
}

/** At a terminal: as long as the learner wants. */
async function lead(
  course: Lesson[],
  progress: Progress,
  message: string,
): Promise<void> {
  let learner: Learner | null = null;
  using screen = new Screen(() => learner?.draw());
  await using running = learner = new Learner({
    course,
    progress,
    path: PATH,
    screen,
    message,
  });
  const end = async () => {
    await running[Symbol.asyncDispose]();
    screen[Symbol.dispose]();
    Deno.exit(0);
  };
  Deno.addSignalListener("SIGINT", end);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", end);
  await running.run();
}

/** Goes on where the learner was. Returns the exit status. */
async function learn(inLines: boolean): Promise<number> {
  const course = await loadCourse();
  const names = course.map(({ name }) => name);
  const { progress, setAside } = await loadProgress(PATH, names);
  const message = setAside === null
    ? ""
    : `${PATH} could not be read. It is ${setAside} now.`;
  if (message !== "") {
    console.log(message);
    await rebuild(course, progress);
  }
  if (inLines) return await once(course, progress);
  await lead(course, progress, message);
  return 0;
}

if (import.meta.main) {
  const flags = flagsOrExit({
    command: "deno task learn",
    about:
      "Leads through the course: edit an exercise, save it, see what holds.",
    flags: {
      once: switchFlag("print one verdict and leave, as where no terminal is"),
    },
  });
  const terminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() &&
    Deno.env.get("TERM") !== "dumb";
  let status = 1;
  try {
    status = await learn(flags.once || !terminal);
  } catch (error) {
    console.error(
      `${systemReason(error)}. work/ must be a folder you can write to`,
    );
  }
  Deno.exit(status); // It listens to Ctrl+C, and would wait for it.
}
