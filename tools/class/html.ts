/**
 * The report for a person: one page that needs no network and no script.
 *
 * @module
 */
import type { Graded } from "../../tests/grader/graders.ts";
import { hasFailed } from "../../tests/grader/pretty.ts";
import {
  failuresOf,
  type GradedClass,
  type GradedLesson,
  pointsFor,
  type Submission,
} from "./results.ts";
import { STYLE } from "./style.ts";

/** What stands in the cell of a check. */
const MARKS: Record<Graded["outcome"], string> = {
  passed: "✓",
  failed: "✗",
  skipped: "–",
  error: "?",
};

/**
 * Text as HTML shows it, in an attribute or between tags.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { escapeHtml } from "./html.ts";
 *
 * assertEquals(escapeHtml(`<b title="x">'`), "&lt;b title=&quot;x&quot;&gt;&#39;");
 * ```
 */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.toWellFormed()
    .replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** The page. Nothing in it can run or load anything, whatever a name says. */
export function htmlReport({ from, seed, lessons }: GradedClass): string {
  const sections = lessons.map((lesson, index) =>
    lessonSection(lesson, `l${index + 1}`)
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Class report</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Class report</h1>
<p class="dim">${name(from)}, seed ${seed}. ✓ passed, ✗ failed, – cannot be
checked of this program, ? the grader itself failed. A click on ✗ shows what was
said on the wire.</p>
${lessons.length > 1 ? overview(lessons) : ""}
${sections.join("\n")}
</body>
</html>
`;
}

/** A name that somebody else has chosen; it does not turn the text around it. */
function name(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Everybody's points in every lesson. */
function overview(lessons: GradedLesson[]): string {
  const students = lessons[0]?.submissions ?? [];
  const rows = students.map(({ student }) => {
    const points = lessons.map(({ checks, submissions }) => {
      const own = submissions.find((other) => other.student === student);
      return own === undefined
        ? { got: 0, all: 0, missing: true }
        : { ...pointsFor(own, checks), missing: own.results === null };
    });
    const cells = points.map(({ got, all, missing }) =>
      `<td class="number${missing ? " missing" : ""}">` +
      `${missing ? "–" : got} of ${all}</td>`
    );
    const got = points.reduce((sum, { got }) => sum + got, 0);
    const all = points.reduce((sum, { all }) => sum + all, 0);
    return `<tr><th scope="row">${name(student)}</th>${cells.join("")}` +
      `<td class="number"><strong>${got} of ${all}</strong></td></tr>`;
  });
  const heads = lessons.map(({ lesson }, index) =>
    `<th scope="col"><a href="#l${index + 1}">${escapeHtml(lesson)}</a></th>`
  );
  return `<div class="wide"><table class="overview">
<caption>Points in all lessons</caption>
<thead><tr><th scope="col">Student</th>${heads.join("")}
<th scope="col">Total</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

function lessonSection(lesson: GradedLesson, id: string): string {
  const { submissions } = lesson;
  const graded = submissions.filter(({ results }) => results !== null);
  const right = graded.filter(({ results }) =>
    results?.every((result) => !hasFailed(result))
  );
  return `<section id="${id}">
<h2>${escapeHtml(lesson.lesson)}</h2>
<p>${graded.length} of ${submissions.length} have handed in, and
${right.length} of them fail nothing.</p>
${studentTable(lesson, id)}
<h3>What the checks are about</h3>
${checkTable(lesson, id)}
${failures(lesson, id)}
</section>`;
}

/** Students by checks. */
function studentTable(lesson: GradedLesson, id: string): string {
  const { checks, submissions } = lesson;
  const heads = checks.map(({ name }, index) =>
    `<th scope="col" class="mark"><a href="#${id}c${index + 1}" title="${
      escapeHtml(name)
    }">${index + 1}<span class="unseen"> ${escapeHtml(name)}</span></a></th>`
  );
  const passed = checks.map(({ name }) =>
    submissions.filter(({ results }) =>
      results?.some((result) =>
        result.name === name && result.outcome === "passed"
      )
    ).length
  );
  const rows = submissions.map((submission, row) =>
    studentRow(lesson, submission, `${id}s${row + 1}`)
  );
  return `<div class="wide"><table class="students">
<caption>${escapeHtml(lesson.lesson)}: students by checks</caption>
<thead><tr><th scope="col">Student</th>
<th scope="col" class="number">Points</th>${heads.join("")}
<th scope="col" class="number">Time</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
<tfoot><tr><th scope="row">Passed</th><td></td>
${passed.map((count) => `<td class="mark">${count}</td>`).join("")}
<td></td></tr></tfoot>
</table></div>`;
}

function studentRow(
  { checks }: GradedLesson,
  submission: Submission,
  id: string,
): string {
  const { student, results, milliseconds } = submission;
  const { got, all } = pointsFor(submission, checks);
  const cells = results === null
    ? `<td class="missing" colspan="${checks.length}">not handed in</td>`
    : checks.map(({ name }, index) =>
      markCell(
        results.find((result) => result.name === name),
        `${id}c${index + 1}`,
      )
    ).join("");
  return `<tr><th scope="row">${name(student)}</th>
<td class="number">${got} of ${all}</td>${cells}
<td class="number time">${seconds(milliseconds)}</td></tr>`;
}

function markCell(result: Graded | undefined, id: string): string {
  if (result === undefined) return "<td></td>";
  const { outcome, message } = result;
  const mark = `${MARKS[outcome]}<span class="unseen"> ${outcome}</span>`;
  const shown = hasFailed(result) ? `<a href="#${id}">${mark}</a>` : mark;
  return `<td class="mark ${outcome}" title="${
    escapeHtml(message || outcome)
  }">${shown}</td>`;
}

/** What each check is about, and how many have failed it. */
function checkTable(lesson: GradedLesson, id: string): string {
  const { checks, submissions } = lesson;
  const graded = submissions.filter(({ results }) => results !== null).length;
  const rows = checks.map((check, index) => {
    const failed = failuresOf(lesson, check);
    return `<tr id="${id}c${index + 1}"><th scope="row">${index + 1}</th>
<td>${escapeHtml(check.name)}
<p class="dim">${escapeHtml(check.about)}</p></td>
<td class="number">${check.points ?? 1}</td>
<td class="number${failed > 0 ? " failed" : ""}">${failed} of ${graded}</td>
</tr>`;
  });
  return `<div class="wide"><table class="checks">
<caption>The more have failed a check, the more there is to explain</caption>
<thead><tr><th scope="col">No.</th><th scope="col">What a right answer does</th>
<th scope="col" class="number">Points</th>
<th scope="col" class="number">Failed by</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

/** The conversation behind every failure, student by student. */
function failures({ checks, submissions }: GradedLesson, id: string): string {
  const parts = submissions.flatMap(({ student, results }, row) => {
    const reports = checks.flatMap(({ name }, index) => {
      const result = results?.find((result) => result.name === name);
      if (result === undefined || !hasFailed(result)) return [];
      return [`<details><summary>${index + 1}. ${escapeHtml(name)}:
<span class="said">${escapeHtml(result.message)}</span></summary>
<pre id="${id}s${row + 1}c${index + 1}">${
        escapeHtml(result.report.join("\n"))
      }</pre></details>`];
    });
    return reports.length === 0
      ? []
      : [`<h4>${name(student)}</h4>\n${reports.join("\n")}`];
  });
  return parts.length === 0
    ? ""
    : `<h3>What went wrong</h3>\n${parts.join("\n")}`;
}
