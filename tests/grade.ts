/**
 * Grades an exercise: the checks of a lesson against a program, in any language,
 * over the wire.
 *
 * Run: deno task grade echo
 *
 * @module
 */
import { formatAddress } from "../lib/address.ts";
import { addressFlag, switchFlag, textFlag } from "../lib/flag.ts";
import { flagsOrExit } from "../lib/flags.ts";
import type { Candidate, Exercise } from "./grader/check.ts";
import {
  beginExercise,
  exists,
  lessonNames,
  loadExercise,
  programsOf,
} from "./grader/course.ts";
import { type Job, type JobResult, runJobs } from "./grader/job.ts";
import {
  chooseLesson,
  findChecks,
  UnclearLessonError,
} from "./grader/lookup.ts";
import { pointsOf, prettyVerdict } from "./grader/pretty.ts";
import { systemReason } from "./grader/system.ts";
import { randomSeed } from "./grader/random.ts";

const flags = flagsOrExit({
  command: "deno task grade",
  about: "Checks an exercise over the wire, and says what happened.",
  words: "LESSON",
  flags: {
    check: textFlag("make only the checks with this in their name", {
      placeholder: "NAME",
      expected: "words",
    }),
    run: textFlag("grade what this command starts", {
      placeholder: "COMMAND",
      expected: "a command",
    }),
    connect: addressFlag("grade a server that runs already"),
    seed: textFlag("take the words and sizes of an earlier run", {
      placeholder: "N",
      expected: "a whole number",
      accepts: (value) => /^\d{1,9}$/.test(value),
    }),
    all: switchFlag("grade every lesson that you have begun"),
    reporter: textFlag("pretty (unless given), junit or json", {
      placeholder: "NAME",
      expected: "pretty, junit or json",
      accepts: (value) => /^(pretty|junit|json)$/.test(value),
    }),
    "junit-path": textFlag("write a JUnit report to this file", {
      placeholder: "FILE",
      expected: "a path",
    }),
  },
});

/** Ends the program with a line for the person who has started it. */
function refuse(line: string, status = 2): never {
  console.error(line);
  Deno.exit(status);
}

/** An exercise, and the program that is to be graded. */
interface Assignment {
  exercise: Exercise;
  /** The names of the checks to make. */
  checks: string[];
  candidate: Candidate;
  /** What the program is called. */
  called: string;
}

/** The lesson that was named, or the first one. */
function namedLesson(lessons: string[]): string {
  const [word = "1", ...more] = flags.words;
  if (more.length > 0) refuse(`One lesson at a time, not also "${more[0]}"`);
  try {
    return chooseLesson(word, lessons);
  } catch (error) {
    if (error instanceof UnclearLessonError) refuse(error.message);
    throw error;
  }
}

/** The learner's own program; the stub is put there if there is none yet. */
async function ownProgram(lesson: string): Promise<Candidate> {
  const { own } = programsOf(lesson);
  try {
    if (await beginExercise(lesson)) {
      tell(
        `Your program is ${own}: a copy of the stub. Edit it, grade again.\n`,
      );
    }
  } catch (error) {
    refuse(
      `${systemReason(error)}. work/ must be a folder you can write to`,
      1,
    );
  }
  return { kind: "file", path: own };
}

/** What a person reads; not where a machine does. */
function tell(line: string): void {
  if (flags.reporter === "" || flags.reporter === "pretty") console.log(line);
}

/** What the flags ask for. */
async function chooseAssignments(lessons: string[]): Promise<Assignment[]> {
  if (flags.all) {
    if (flags.words.length > 0 || flags.run !== "" || flags.connect !== null) {
      refuse("--all takes no lesson, no --run and no --connect");
    }
    const assignments: Assignment[] = [];
    for (const lesson of lessons) {
      const { own } = programsOf(lesson);
      if (!await exists(own)) continue;
      const exercise = await loadExercise(lesson);
      const candidate: Candidate = { kind: "file", path: own };
      const checks = chooseChecks(exercise);
      assignments.push({ exercise, checks, candidate, called: own });
    }
    return assignments;
  }
  const lesson = namedLesson(lessons);
  const exercise = await loadExercise(lesson);
  const checks = chooseChecks(exercise);
  if (flags.run !== "" && flags.connect !== null) {
    refuse("Take --run or --connect, not both");
  }
  if (flags.run !== "") {
    const candidate: Candidate = { kind: "command", command: flags.run };
    return [{ exercise, checks, candidate, called: flags.run }];
  }
  if (flags.connect !== null) {
    if (exercise.kind === "client") {
      refuse(`Exercise ${lesson} is a client: take --run "COMMAND"`);
    }
    const candidate: Candidate = { kind: "address", ...flags.connect };
    const called = formatAddress(flags.connect);
    return [{ exercise, checks, candidate, called }];
  }
  const candidate = await ownProgram(lesson);
  return [{ exercise, checks, candidate, called: programsOf(lesson).own }];
}

/** The names of the checks to make. */
function chooseChecks({ checks }: Exercise): string[] {
  const names = checks.map(({ name }) => name);
  if (flags.check === "") return names;
  const found = findChecks(flags.check, names);
  if (found.length > 0 || flags.all) return found;
  refuse(
    `No check has "${flags.check}" in its name. There are:\n` +
      names.map((name) => `  ${name}`).join("\n"),
  );
}

/** The command of this run, for one check. */
function again(lesson: string, seed: number): string {
  const target = flags.run !== ""
    ? ` --run ${JSON.stringify(flags.run)}`
    : flags.connect !== null
    ? ` --connect ${formatAddress(flags.connect)}`
    : "";
  return `deno task grade ${lesson.slice(3)}${target} --seed ${seed}`;
}

if (import.meta.main) {
  const start = performance.now();
  const lessons = await lessonNames();
  const assignments = await chooseAssignments(lessons);
  const seed = flags.seed === "" ? randomSeed() : Number(flags.seed);
  const jobs: Job[] = assignments.map(({ exercise, checks, candidate }) => ({
    lesson: exercise.lesson,
    candidate,
    seed,
    checks,
    mark: crypto.randomUUID(),
  }));
  const { results, code, interrupted, output } = await runJobs(jobs, {
    reporter: flags.reporter === "junit" ? "junit" : undefined,
    junitPath: flags["junit-path"] || undefined,
  });
  if (interrupted) {
    console.log("\nInterrupted");
    Deno.exit(130);
  }
  const due = jobs.flatMap(({ checks }) => checks).length;
  if (results.length < due) {
    console.error("The grader itself has failed, not your program:");
    console.error(output);
    Deno.exit(1);
  }

  for (const { exercise: { lesson, checks }, called } of assignments) {
    const own = results.filter((result) => result.lesson === lesson);
    tell(`Exercise ${lesson}: ${called}\n`);
    const points = pointsOf(own, checks);
    for (const line of prettyVerdict(own, points, again(lesson, seed))) {
      tell(line);
    }
  }
  if (flags.all) tellAll(lessons, results);
  tell(`${((performance.now() - start) / 1000).toFixed(1)} s, seed ${seed}`);
  if (flags.reporter === "json") {
    console.log(JSON.stringify({ seed, results }, null, 2));
  }
  Deno.exit(code === 0 ? 0 : 1);
}

/** Which lessons have not been begun. */
function tellAll(lessons: string[], results: JobResult[]): void {
  const begun = new Set(results.map(({ lesson }) => lesson));
  const left = lessons.filter((lesson) => !begun.has(lesson));
  if (left.length > 0) tell(`Not begun: ${left.join(", ")}`);
}
