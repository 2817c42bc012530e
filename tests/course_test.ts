/**
 * The course's promise: right answers pass, and wrong ones fail where they
 * should, with words that help.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  brokenPrograms,
  EVERY,
  lessonNames,
  loadExercise,
  programsOf,
} from "./grader/course.ts";
import { MACHINE_SLOW } from "./grader/failure.ts";
import { type Graded, Graders } from "./grader/graders.ts";
import { randomSeed } from "./grader/random.ts";

const seed = randomSeed();

/** What a person is told of a check. */
function told({ name, report }: Graded): string {
  return [`${name} (seed ${seed})`, ...report].join("\n");
}

/**
 * Whether the machine was too slow for a check that is about seconds: then it
 * has proved nothing, and says so.
 */
function wasTooSlow({ name, outcome, report }: Graded): boolean {
  const slow = outcome === "skipped" && report.join().includes(MACHINE_SLOW);
  if (slow) console.log(`Not proved, ${MACHINE_SLOW}: ${name}`);
  return slow;
}

/** A good answer passes every check. */
function assertPass(graded: Graded[]): void {
  for (const result of graded) {
    if (wasTooSlow(result)) continue;
    assertEquals(result.outcome, "passed", told(result));
  }
}

/** The stub fails, and the message names its first step. */
function assertFailAtStep1(graded: Graded[]): void {
  const first = graded.find(({ outcome }) => outcome !== "passed");
  if (first === undefined) throw new Error("The stub passes every check");
  assertEquals(first.outcome, "failed", told(first));
  assertStringIncludes(told(first), "STEP 1: ");
}

/** A wrong answer fails where it should, and nowhere else. */
function assertFailAsSaid(graded: Graded[], fails: Map<string, string>): void {
  assert(fails.size > 0, "It does not say which check it fails");
  for (const result of graded) {
    if (wasTooSlow(result)) continue;
    const words = fails.get(result.name) ?? fails.get(EVERY);
    const expected = words === undefined ? "passed" : "failed";
    // What a program leaves out, where it may choose, is skipped.
    if (words === undefined && result.outcome === "skipped") continue;
    assertEquals(result.outcome, expected, told(result));
    assertStringIncludes(told(result), words ?? "");
  }
  const names = graded.map(({ name }) => name);
  for (const name of fails.keys()) {
    assert(name === EVERY || names.includes(name), `No check "${name}"`);
  }
}

for (const lesson of await lessonNames()) {
  const { checks } = await loadExercise(lesson);
  const { stub, solution } = programsOf(lesson);
  const broken = await brokenPrograms(lesson);

  Deno.test(`${lesson}: right answers pass, and wrong ones fail where they should`, async (t) => {
    const programs = [
      { path: solution, proof: assertPass },
      { path: stub, proof: assertFailAtStep1 },
      ...broken.map(({ path, fails }) => ({
        path,
        proof: (graded: Graded[]) => assertFailAsSaid(graded, fails),
      })),
    ];
    await using graders = new Graders(navigator.hardwareConcurrency);
    await graders.each(programs, ({ path, proof }, grade) =>
      t.step({
        name: path,
        fn: async () =>
          proof(
            await grade({ lesson, candidate: { kind: "file", path }, seed }),
          ),
        // Several at a time: the test around them looks for what is left.
        sanitizeOps: false,
        sanitizeResources: false,
        sanitizeExit: false,
      }));
  });

  Deno.test(`${lesson}: every check has a program that fails it`, () => {
    const failed = new Set(broken.flatMap(({ fails }) => [...fails.keys()]));
    for (const { name } of checks) assert(failed.has(name), name);
    assert(checks.length >= 5, `${checks.length} checks`);
    assert(broken.length >= 6, `${broken.length} broken programs`);
  });
}
