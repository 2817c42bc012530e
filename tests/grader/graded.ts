/**
 * Exercises graded by `deno test`: a test for each check. What is to be graded
 * comes in the environment, from `job.ts`.
 *
 * @module
 */
import type { Verdict } from "./check.ts";
import { loadExercise } from "./course.ts";
import { gradeAll } from "./grade.ts";
import { type Job, type JobResult, JOBS } from "./job.ts";

/** A check that failed. It has no stack: the fault is not in this code. */
class GradedFailure extends Error {
  constructor(report: string[]) {
    super(report.join("\n"));
    this.name = "Failed";
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Registers a test for each check of a job. */
async function register(job: Job, results: string): Promise<void> {
  const { lesson, checks: names } = job;
  const exercise = await loadExercise(lesson);
  const checks = exercise.checks.filter(({ name }) => names.includes(name));
  const verdicts = new Map(
    checks.map(({ name }) => [name, Promise.withResolvers<Verdict>()]),
  );
  let grading: Promise<unknown> | null = null;

  for (const [name, { promise }] of verdicts) {
    Deno.test({
      name: `${lesson}: ${name}`,
      // Several checks are made at once, so each leaves things to the others.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        grading ??= gradeAll(
          { ...job, exercise: { ...exercise, checks } },
          (verdict) => verdicts.get(verdict.check.name)?.resolve(verdict),
        ).catch((error) => {
          for (const { reject } of verdicts.values()) reject(error);
        });
        const { outcome, milliseconds, message, report, conversation } =
          await promise;
        const result: JobResult = {
          lesson,
          name,
          outcome,
          milliseconds: Math.round(milliseconds),
          message,
          report,
          conversation,
        };
        const line = `${JSON.stringify(result)}\n`;
        await Deno.writeTextFile(results, line, { append: true });
        if (report.length > 0 && outcome !== "skipped") {
          throw new GradedFailure(report);
        }
      },
    });
  }
}

const text = Deno.env.get(JOBS);
if (text !== undefined) {
  const { jobs, results } = JSON.parse(text) as {
    jobs: Job[];
    results: string;
  };
  for (const job of jobs) await register(job, results);
}
