/**
 * Grades programs in a process of its own: an order in each line of its input,
 * and what came of it in a line of its output.
 *
 * @module
 */
import { readLines } from "../../lib/lines.ts";
import type { Exercise } from "./check.ts";
import { loadExercise } from "./course.ts";
import { fenced } from "./fence.ts";
import { gradeAll } from "./grade.ts";
import type { Graded, GradeOrder } from "./graders.ts";
import { killMarked } from "./process.ts";

/** The exercise, with limits around it if there are any. */
async function exerciseOf(
  { lesson, candidate, time }: GradeOrder,
): Promise<Exercise> {
  const exercise = await loadExercise(lesson);
  if (time === undefined) return exercise;
  return await fenced(exercise, { time, candidate });
}

/** Marks the processes of the grading that is under way. */
let mark = "";

// Ctrl+C goes to this process as well, but not to the programs: each is in a
// group of its own.
function end(): void {
  if (mark !== "") killMarked(`${mark}.`);
  Deno.exit(130);
}
Deno.addSignalListener("SIGINT", end);
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", end);

for await (const line of readLines(Deno.stdin)) {
  const order = JSON.parse(line) as GradeOrder;
  const { candidate, seed } = order;
  mark = order.mark ?? crypto.randomUUID();
  const exercise = await exerciseOf(order);
  const verdicts = await gradeAll({ exercise, candidate, seed, mark });
  const graded: Graded[] = verdicts.map((verdict) => ({
    name: verdict.check.name,
    outcome: verdict.outcome,
    milliseconds: Math.round(verdict.milliseconds),
    message: verdict.message,
    report: verdict.report,
  }));
  console.log(JSON.stringify(graded));
}
Deno.exit(0);
