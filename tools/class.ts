/**
 * Grades what a class has handed in: a folder for each student, or a list of
 * servers that run. Writes a page, a table and a JUnit report.
 *
 * Run: deno task class DIR echo
 *
 * @module
 */
import { printable } from "../lib/console.ts";
import { textFlag, wholeNumberFlag } from "../lib/flag.ts";
import { flagsOrExit } from "../lib/flags.ts";
import type { Exercise } from "../tests/grader/check.ts";
import { lessonNames, loadExercise } from "../tests/grader/course.ts";
import { chooseLesson, UnclearLessonError } from "../tests/grader/lookup.ts";
import { randomSeed } from "../tests/grader/random.ts";
import { ListError, readList } from "./class/addresses.ts";
import { csvReport } from "./class/csv.ts";
import { findProgram, listStudents } from "./class/folders.ts";
import { type Assignment, gradeClass } from "./class/grading.ts";
import { htmlReport } from "./class/html.ts";
import { junitReport } from "./class/junit.ts";
import {
  type GradedClass,
  pointsFor,
  type Submission,
} from "./class/results.ts";

const flags = flagsOrExit({
  command: "deno task class",
  about: "Grades what a class has handed in, and writes report.html, " +
    "report.csv and report.xml.",
  words: "DIR [LESSON]",
  flags: {
    out: {
      ...textFlag("where the reports go", {
        placeholder: "FOLDER",
        expected: "a path",
      }),
      default: ".",
    },
    seed: textFlag("take the words and sizes of an earlier run", {
      placeholder: "N",
      expected: "a whole number",
      accepts: (value) => /^\d{1,9}$/.test(value),
    }),
    time: wholeNumberFlag("seconds that all checks of a program may take", {
      default: 60,
      min: 1,
      max: 3600,
    }),
  },
});

/** Ends the program with a line for the person who has started it. */
function refuse(line: string, status = 2): never {
  console.error(line);
  Deno.exit(status);
}

/** The lesson that was named, or all. */
function namedLessons(word: string | undefined, lessons: string[]): string[] {
  if (word === undefined) return lessons;
  try {
    return [chooseLesson(word, lessons)];
  } catch (error) {
    if (error instanceof UnclearLessonError) refuse(error.message);
    throw error;
  }
}

/** The students' servers, from a list. */
async function listed(
  from: string,
  exercise: Exercise | undefined,
): Promise<Assignment[]> {
  if (exercise === undefined) refuse("With a list of servers name the lesson");
  const { lesson, checks, kind } = exercise;
  if (kind === "client") {
    refuse(`Exercise ${lesson} is a client: it has no address`);
  }
  try {
    return readList(await Deno.readTextFile(from)).map((
      { student, address },
    ) => ({ student, lesson, checks, answer: address }));
  } catch (error) {
    if (error instanceof ListError) refuse(`${from}: ${error.message}`);
    throw error;
  }
}

/** The students' programs, from their folders. */
async function handedIn(
  from: string,
  exercises: Exercise[],
): Promise<Assignment[]> {
  const students = await listStudents(from);
  if (students.length === 0) {
    refuse(`There is no folder in ${from}: each student has one`);
  }
  const assignments: Assignment[] = [];
  const alone = exercises.length === 1;
  for (const { lesson, checks } of exercises) {
    const own: Assignment[] = [];
    for (const student of students) {
      const answer = await findProgram(from, student, lesson, alone) ?? null;
      own.push({ student, lesson, checks, answer });
    }
    // A lesson that was named is reported, even if nobody has done it.
    if (alone || own.some(({ answer }) => answer !== null)) {
      assignments.push(...own);
    }
  }
  if (assignments.length === 0) {
    refuse(
      `Nobody has handed in anything in ${from}: a program is looked for as ` +
        "STUDENT/01_echo/exercise.ts",
    );
  }
  return assignments;
}

/** A line on a submission that is finished. */
function tell({ student, lesson, checks }: Assignment, done: Submission): void {
  const { got, all } = pointsFor(done, checks);
  const seconds = (done.milliseconds / 1000).toFixed(1);
  console.log(
    `${lesson}  ${printable(student)}: ` +
      (done.results === null
        ? "not handed in"
        : `${got} of ${all} points, ${seconds} s`),
  );
}

/** What was graded, lesson by lesson. */
function classOf(
  from: string,
  exercises: Exercise[],
  assignments: Assignment[],
  submissions: Submission[],
  seed: number,
): GradedClass {
  const lessons = exercises.map(({ lesson, checks }) => ({
    lesson,
    checks,
    submissions: submissions.filter((_, index) =>
      assignments[index]?.lesson === lesson
    ),
  }));
  return {
    from,
    seed,
    lessons: lessons.filter(({ submissions }) => submissions.length > 0),
  };
}

/** Writes the reports, and says where they are. */
async function write(graded: GradedClass): Promise<void> {
  const reports = {
    "report.html": htmlReport(graded),
    "report.csv": csvReport(graded),
    "report.xml": junitReport(graded),
  };
  try {
    for (const [name, text] of Object.entries(reports)) {
      await Deno.writeTextFile(`${flags.out}/${name}`, text);
      console.log(`Written: ${flags.out}/${name}`);
    }
  } catch (error) {
    refuse(`The reports cannot be written: ${reasonIn(error)}`, 1);
  }
}

function reasonIn(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (import.meta.main) {
  const start = performance.now();
  const [from, word, ...more] = flags.words;
  if (from === undefined) refuse("Which folder? See --help");
  if (more.length > 0) refuse(`One lesson at a time, not also "${more[0]}"`);
  const names = await lessonNames();
  const exercises = await Promise.all(
    namedLessons(word, names).map(loadExercise),
  );

  let assignments: Assignment[];
  try {
    const list = from.toLowerCase().endsWith(".csv");
    assignments = list
      ? await listed(from, word === undefined ? undefined : exercises[0])
      : await handedIn(from, exercises);
  } catch (error) {
    refuse(`${from} cannot be read: ${reasonIn(error)}`);
  }
  // Not after everything was graded.
  await Deno.mkdir(flags.out, { recursive: true }).catch((error) =>
    refuse(`The reports cannot be written: ${reasonIn(error)}`, 1)
  );

  const seed = flags.seed === "" ? randomSeed() : Number(flags.seed);
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  const submissions = await gradeClass(assignments, {
    seed,
    time: flags.time * 1000,
    signal: stop.signal,
    told: tell,
  });
  if (stop.signal.aborted) {
    console.log("\nInterrupted");
    Deno.exit(130);
  }
  await write(classOf(from, exercises, assignments, submissions, seed));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${assignments.length} graded: ${seconds} s, seed ${seed}`);
  Deno.exit(0); // It listens to Ctrl+C, and would wait for it.
}
