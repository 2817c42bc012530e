/**
 * The page that a student sees first.
 *
 * @module
 */
import type { Lesson } from "./lessons.ts";

const STYLE = `
  :root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { line-height: 1.2; }
  section { margin-top: 2rem; }
  h2 { font-size: 1.2rem; margin-bottom: 0.2rem; }
  pre { margin: 0.4rem 0; padding: 0.6rem 0.8rem; white-space: pre-wrap;
    font-size: 0.9em; overflow-wrap: anywhere; border-radius: 0.4rem;
    background: #8882; user-select: all; }
  code { white-space: nowrap; }
  p { margin: 0.4rem 0; }
`;

/** Text as HTML shows it. */
function escape(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? "");
}

/**
 * The start page.
 *
 * @param lessons What there is to run.
 * @param host The address to put in the commands, `192.168.1.23:8000` say.
 */
export function startPage(lessons: Lesson[], host: string): string {
  const origin = escape(`http://${host}`);
  const sections = lessons.map(({ name, title, scripts }) => {
    const folder = `/lessons/${name}`;
    const commands = scripts.map(({ flags, file }) =>
      `<pre>${escape(`deno run ${flags}`)} ${origin}${folder}/${file}</pre>`
    );
    return `<section>
<h2>${escape(title)}</h2>
<p><a href="${folder}/README.md">Read the lesson</a>,
<a href="${folder}/exercise.ts">the exercise</a></p>
${commands.join("\n")}
</section>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Socket course</title>
<style>${STYLE}</style>
<h1>Socket course</h1>
<p>Open a terminal for each command: the server first, then its client. A click
on a command selects it. Ctrl+C ends a program. With Node instead of Deno, begin
with <code>npx --yes deno run</code>.</p>
<p>Deno keeps what it has loaded. When a lesson has changed here, load it anew:
put <code>--reload=${origin}</code> behind <code>deno run</code>.</p>
${sections.join("\n")}
</html>
`;
}
