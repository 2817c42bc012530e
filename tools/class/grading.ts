/**
 * Grading a class: several programs at a time, each by a process of its own.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Candidate, Check } from "../../tests/grader/check.ts";
import {
  type Graded,
  Graders,
  type OneGrader,
} from "../../tests/grader/graders.ts";
import { killMarked } from "../../tests/grader/process.ts";
import { copyFolder, TooLargeError } from "./copy.ts";
import type { Submission } from "./results.ts";

/** How much memory each program of a student's may have in use, in bytes. */
const MEMORY = 512 * 1024 * 1024;

/**
 * How much longer than its programs may take a grader is waited for, in
 * milliseconds: it may be in the middle of ending them, on a busy machine.
 */
const GRACE = 60_000;

const LIB = fileURLToPath(new URL("../../lib", import.meta.url));

/** One student's answer to one lesson. */
export interface Assignment {
  /** The student. */
  student: string;
  /** The lesson. */
  lesson: string;
  /** Its checks. */
  checks: Check[];
  /** The folder with the program in it, or where it listens; `null`: none. */
  answer: string | { hostname: string; port: number } | null;
}

/** Options of {@linkcode gradeClass}. */
export interface GradeClassOptions {
  /** Where everything random comes from, the same for all. */
  seed: number;
  /** How long all checks of a program may take, in milliseconds. */
  time: number;
  /** Ends everything in the middle. */
  signal: AbortSignal;
  /** Is told each submission as it is finished. */
  told: (assignment: Assignment, submission: Submission) => void;
}

/**
 * Grades everybody's programs.
 *
 * @returns What came of each, in the order of `assignments`; of those that were
 * not graded before the signal, nothing.
 */
export async function gradeClass(
  assignments: Assignment[],
  { seed, time, signal, told }: GradeClassOptions,
): Promise<Submission[]> {
  const classMark = crypto.randomUUID();
  // What the run leaves anywhere for a while is in here, and goes with it.
  const folder = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "socket_course_" }),
  );
  const submissions: Submission[] = [];
  const count = Math.min(2 * navigator.hardwareConcurrency, assignments.length);
  try {
    await using graders = new Graders(count, { TMPDIR: folder, TEMP: folder });
    const interrupt = () => graders.kill();
    signal.addEventListener("abort", interrupt);
    await graders.each(
      [...assignments.entries()],
      async ([index, assignment], _, grader) => {
        const start = performance.now();
        const mark = `${classMark}.${index}`;
        const results = assignment.answer === null ? null : await gradeOne(
          { ...assignment, answer: assignment.answer },
          { seed, time, mark, grader, signal, folder: `${folder}/${index}` },
        );
        if (signal.aborted) return;
        const milliseconds = Math.round(performance.now() - start);
        const { student } = assignment;
        submissions[index] = { student, results, milliseconds };
        told(assignment, submissions[index]);
      },
    );
    signal.removeEventListener("abort", interrupt);
  } finally {
    killMarked(`${classMark}.`);
    await Deno.remove(folder, { recursive: true });
  }
  return submissions;
}

interface GradeOneOptions {
  seed: number;
  time: number;
  mark: string;
  grader: OneGrader;
  signal: AbortSignal;
  /** For a copy of the answer; not there yet. */
  folder: string;
}

/** Makes all checks of one answer. Never throws. */
async function gradeOne(
  { lesson, checks, answer }: Assignment & {
    answer: NonNullable<Assignment["answer"]>;
  },
  { seed, time, mark, grader, signal, folder }: GradeOneOptions,
): Promise<Graded[]> {
  const late = setTimeout(() => grader.kill(), time + GRACE);
  try {
    const candidate: Candidate = typeof answer === "string"
      ? await confined(answer, lesson, folder)
      : { kind: "address", ...answer };
    const graded = await grader.grade({ lesson, candidate, seed, mark, time });
    return graded.map((result) => resultOf(result, folder));
  } catch (error) {
    // The grader may not have ended them; on Ctrl+C all are ended at once.
    if (!signal.aborted) killMarked(`${mark}.`);
    const outcome = error instanceof TooLargeError ? "failed" : "error";
    const message = error instanceof Error ? error.message : String(error);
    return checks.map(({ name }) => ({
      ...{ name, outcome, message },
      milliseconds: 0,
      report: [message],
    }));
  } finally {
    clearTimeout(late);
    await Deno.remove(folder, { recursive: true }).catch(() => {}); // No copy.
  }
}

/** A copy of the program, as it would stand in a learner's clone. */
async function confined(
  answer: string,
  lesson: string,
  folder: string,
): Promise<Candidate> {
  await copyFolder(answer, `${folder}/work/${lesson}`);
  await copyFolder(LIB, `${folder}/lib`);
  return {
    kind: "file",
    path: `${folder}/work/${lesson}/exercise.ts`,
    confined: { folder, memory: MEMORY },
  };
}

/** What is told of a check; of the copy's place nobody need know. */
function resultOf(graded: Graded, folder: string): Graded {
  const told = (text: string) =>
    text.replaceAll(`file://${folder}/`, "").replaceAll(`${folder}/`, "");
  const { message, report } = graded;
  return {
    ...graded,
    message: told(message),
    report: report.map(told),
  };
}
