/**
 * The report for programs that read JUnit's XML.
 *
 * @module
 */
import type { Graded } from "../../tests/grader/graders.ts";
import { hasFailed } from "../../tests/grader/pretty.ts";
import { type GradedClass } from "./results.ts";

/**
 * Text as XML 1.0 can hold it, in an attribute or between tags. Characters that
 * it cannot hold at all become U+FFFD.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { xmlText } from "./junit.ts";
 *
 * assertEquals(xmlText('<b> & "c"\u0000'), "&lt;b&gt; &amp; &quot;c&quot;\uFFFD");
 * ```
 */
export function xmlText(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- those are the ones to be taken out
    .replace(/[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\uFFFE\uFFFF]/g, "\uFFFD")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The report: a test suite for each program, a test case for each check. */
export function junitReport({ lessons }: GradedClass): string {
  const suites: string[] = [];
  for (const { lesson, checks, submissions } of lessons) {
    for (const { student, results, milliseconds } of submissions) {
      const cases = checks.map(({ name }) => {
        const result = results?.find((result) => result.name === name);
        return caseOf(`${student}: ${lesson}`, name, result);
      });
      const count = (wanted: Graded["outcome"]) =>
        results?.filter(({ outcome }) => outcome === wanted).length ?? 0;
      const skipped = results === null ? checks.length : count("skipped");
      suites.push(
        `  <testsuite name="${xmlText(`${student}: ${lesson}`)}" ` +
          `tests="${checks.length}" failures="${count("failed")}" ` +
          `errors="${count("error")}" skipped="${skipped}" ` +
          `time="${(milliseconds / 1000).toFixed(3)}">`,
        ...cases,
        "  </testsuite>",
      );
    }
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="socket course">',
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function caseOf(
  classname: string,
  name: string,
  result: Graded | undefined,
): string {
  const time = ((result?.milliseconds ?? 0) / 1000).toFixed(3);
  const start = `    <testcase classname="${xmlText(classname)}" ` +
    `name="${xmlText(name)}" time="${time}"`;
  if (result === undefined) {
    return `${start}><skipped message="not handed in"/></testcase>`;
  }
  if (result.outcome === "passed") return `${start}/>`;
  const message = xmlText(result.message);
  if (!hasFailed(result)) {
    return `${start}><skipped message="${message}"/></testcase>`;
  }
  const tag = result.outcome === "failed" ? "failure" : "error";
  const report = xmlText(result.report.join("\n"));
  return `${start}><${tag} message="${message}">${report}</${tag}></testcase>`;
}
