/**
 * A server that runs already: `--connect HOST:PORT`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Candidate } from "../grader/check.ts";
import { gradeAll } from "../grader/grade.ts";
import { loadExercise, programsOf } from "../grader/course.ts";
import { randomSeed } from "../grader/random.ts";
import { startScript } from "../program.ts";

for (const lesson of ["09_chat", "10_broadcast", "11_sandbox"]) {
  Deno.test(`${lesson}: each check finds the room of a server that goes on empty`, async () => {
    const exercise = await loadExercise(lesson);
    await using server = startScript(programsOf(lesson).solution, [
      "--port",
      "0",
    ]);
    const candidate: Candidate = {
      kind: "address",
      hostname: "127.0.0.1",
      port: await server.port(),
    };
    const seed = randomSeed();
    const verdicts = await gradeAll({ exercise, candidate, seed });
    for (const { outcome, report } of verdicts) {
      if (outcome !== "skipped") {
        assertEquals(outcome, "passed", report.join("\n"));
      }
    }
  });
}
