/**
 * The page of a lesson, a section at a time.
 *
 * @module
 */

/**
 * The section of a page below a heading, in lines, the heading first.
 *
 * @param page The text of the page, in Markdown.
 * @param anchor The heading as links name it: `how-it-works`.
 * @returns Empty if there is no such heading.
 */
export function section(page: string, anchor: string): string[] {
  const lines = page.split("\n");
  let level = 0;
  let start = -1;
  let fenced = false;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith("```")) fenced = !fenced;
    const heading = fenced ? null : line.match(/^(#+) (.+)$/);
    if (heading === null) continue;
    const [, marks = "", title = ""] = heading;
    if (start !== -1 && marks.length <= level) {
      return trimmed(lines.slice(start, index));
    }
    if (start === -1 && anchorOf(title) === anchor) {
      start = index;
      level = marks.length;
    }
  }
  return start === -1 ? [] : trimmed(lines.slice(start));
}

/**
 * A heading as links name it on GitHub: lower case, no punctuation, "-" for
 * blanks.
 */
export function anchorOf(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function trimmed(lines: string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
