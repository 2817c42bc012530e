/**
 * What there is to read besides the verdict: hints, the conversation, another
 * answer.
 *
 * @module
 */
import type { JobResult } from "../../tests/grader/job.ts";
import type { Lesson } from "./course.ts";
import { diffLines } from "./diff.ts";
import { section } from "./page.ts";

/**
 * The hint of the first check that has failed.
 *
 * @param whole Whether what the lesson's page says stands below.
 * @returns `null` if none has failed.
 */
export async function hintText(
  { name, exercise }: Lesson,
  results: JobResult[],
  whole: boolean,
): Promise<string[] | null> {
  const failed = results.find(({ outcome }) => outcome === "failed");
  const check = exercise.checks.find((check) => check.name === failed?.name);
  if (check === undefined) return null;
  const text = [
    `FAIL  ${check.name}`,
    "",
    `Likely:   ${check.hint}`,
    `The wire: ${check.about}`,
    `Read on:  lessons/${name}/${check.page}`,
    "",
  ];
  if (!whole) return [...text, "h again shows what the page says."];
  const [file, anchor = ""] = check.page.split("#");
  const page = await Deno.readTextFile(`lessons/${name}/${file}`);
  return [...text, ...section(page, anchor)];
}

/** What was said on the wire: where it went wrong, or in every check. */
export function wireText(results: JobResult[]): string[] {
  const wrong = results.filter(({ outcome }) => outcome === "failed");
  const told = wrong.length > 0 ? wrong : results;
  return told.flatMap(({ name, conversation }) => [
    `# ${name}`,
    ...conversation,
    "",
  ]);
}

/** What leads from the learner's program to another right one. */
export async function solutionText({ programs }: Lesson): Promise<string[]> {
  const { own, solution } = programs;
  const lines = diffLines(
    await Deno.readTextFile(own),
    await Deno.readTextFile(solution),
  );
  return lines.length === 0 ? [`Your program and ${solution} are the same.`] : [
    `From your program (-) to another right one (+), ${solution}:`,
    "",
    ...lines,
  ];
}
