/**
 * Grades programs in a process of its own: an order in each line of its input,
 * and what came of it in a line of its output.
 *
 * @module
 */
import { readLines } from "../../lib/lines.ts";
import { loadExercise } from "./course.ts";
import { gradeAll } from "./grade.ts";
import type { Graded, GradeOrder } from "./graders.ts";

for await (const line of readLines(Deno.stdin)) {
  const { lesson, path, seed } = JSON.parse(line) as GradeOrder;
  const verdicts = await gradeAll({
    exercise: await loadExercise(lesson),
    candidate: { kind: "file", path },
    seed,
  });
  const graded: Graded[] = verdicts.map(({ check, outcome, report }) => ({
    name: check.name,
    outcome,
    report,
  }));
  console.log(JSON.stringify(graded));
}
