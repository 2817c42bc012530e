/**
 * The exercises of the course, with the wire between the program and the
 * grader.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { lessonNames, loadExercise, programsOf } from "../../grader/course.ts";
import { Graders } from "../../grader/graders.ts";
import { randomSeed } from "../../grader/random.ts";

/**
 * What cannot be the same: the server sees the address of the wire in place of
 * the client's, and what waits for a client waits in twice as many queues.
 */
const NOT_THE_SAME: Record<string, string[]> = {
  "08_helpdesk": ["writes each message to the file, as a line of JSON"],
  "09_chat": ["keeps nicknames, messages and EXIT as they were"],
  "10_broadcast": [
    "greets a client, by its address if it gives no name",
    "lets go of a client for which more than 1 MiB waits",
  ],
};

const seed = randomSeed();

Deno.test("a right answer passes through the wire as without it", async (t) => {
  await using graders = new Graders(navigator.hardwareConcurrency);
  await graders.each(await lessonNames(), (lesson, grade) =>
    t.step({
      name: lesson,
      async fn() {
        const { kind } = await loadExercise(lesson);
        const port = kind === "client" ? "" : " --port 0";
        const command = `${Deno.execPath()} run -A --no-check ` +
          `tests/tools/wire/wired.ts ${programsOf(lesson).solution}${port}`;
        const candidate = { kind: "command", command } as const;
        for (const graded of await grade({ lesson, candidate, seed })) {
          const { name, outcome, report } = graded;
          if (NOT_THE_SAME[lesson]?.includes(name)) continue;
          const told = [`${name} (seed ${seed})`, ...report].join("\n");
          assertEquals(outcome, "passed", told);
        }
      },
      // Several at a time: the test around them looks for what is left.
      sanitizeOps: false,
      sanitizeResources: false,
      sanitizeExit: false,
    }));
});
