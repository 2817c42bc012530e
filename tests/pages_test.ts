/**
 * The pages (README.md files): what they point at is there.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { anchorOf } from "../tools/learn/page.ts";
import { ROOT } from "./program.ts";

/** A page without its blocks of code. */
interface Page {
  /** The path from the root of the project. */
  path: string;
  url: URL;
  text: string;
  whole: string;
}

async function readPage(path: string): Promise<Page> {
  const url = new URL(path, ROOT);
  const whole = await Deno.readTextFile(url);
  return { path, url, whole, text: whole.replace(/^```.*?^```$/gms, "") };
}

async function findPages(folder = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder || ".", ROOT))
  ) {
    if (/^[.]|^(work|node_modules)$/.test(name)) continue;
    if (isDirectory) paths.push(...await findPages(`${folder}${name}/`));
    else if (name.endsWith(".md")) paths.push(folder + name);
  }
  return paths.sort();
}

const pages = await Promise.all((await findPages()).map(readPage));

/** The anchors of the headings of a page, as GitHub makes them. */
function anchors(page: Page): string[] {
  return Array.from(
    page.text.matchAll(/^#+ (.+)$/gm),
    ([, heading = ""]) => anchorOf(heading),
  );
}

for (const page of pages) {
  Deno.test(`every link of ${page.path} leads somewhere`, async () => {
    const dead: string[] = [];
    for (const [, link = ""] of page.text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const target = new URL(link, page.url);
      const anchor = decodeURIComponent(target.hash.slice(1));
      target.hash = "";
      try {
        await Deno.stat(target);
      } catch {
        dead.push(link);
        continue;
      }
      if (anchor === "") continue;
      const there = pages.find(({ url }) => url.href === target.href);
      if (there === undefined || !anchors(there).includes(anchor)) {
        dead.push(link);
      }
    }
    assertEquals(dead, []);
  });

  Deno.test(`every task that ${page.path} names exists`, () => {
    const names = Array.from(
      page.whole.matchAll(/deno task ([a-z][a-z-]*)/g),
      ([, name = ""]) => name,
    );
    assertEquals(names.filter((name) => !(name in config.tasks)), []);
  });
}

Deno.test("every lesson's page has the sections of a lesson, in their order", () => {
  const expected = [
    "Run it",
    "What to look for",
    "How it works",
    "Try this",
    "Exercise",
    "Trouble",
  ];
  for (const page of pages) {
    if (!/^lessons\/\d\d_\w+\/README\.md$/.test(page.path)) continue;
    const sections = Array.from(
      page.text.matchAll(/^## (.+)$/gm),
      ([, heading = ""]) => heading,
    );
    assertEquals(
      sections.filter((section) => expected.includes(section)),
      expected,
      page.path,
    );
  }
});

Deno.test("every task of a lesson is named on its page, and in the front page", () => {
  const front = pages.find(({ path }) => path === "README.md");
  for (const [name, { command }] of Object.entries(config.tasks)) {
    const folder = command.match(/ (lessons\/\w+)\//)?.[1];
    if (folder === undefined) continue;
    const page = pages.find(({ path }) => path === `${folder}/README.md`);
    assertEquals(page?.whole.includes(`deno task ${name}`), true, name);
    assertEquals(front?.text.includes(`\`${name}\``), true, name);
  }
});

Deno.test("everything in the source texts has its place", () => {
  const page = pages.find(({ path }) => path === "lessons/README.md");
  const rows = page?.text.match(/^\|.*\|$/gm) ?? [];
  assertEquals(rows.length > 100, true, `${rows.length} rows`);
  assertEquals(rows.filter((row) => /\|\s*\|/.test(row)), []);
});

Deno.test("the page of each lesson ends with the command that grades its exercise", () => {
  const lessons = pages.filter(({ path }) =>
    /^lessons\/\d\d_\w+\/README\.md$/.test(path)
  );
  assertEquals(lessons.length, 11);
  for (const { path, whole } of lessons) {
    const name = path.replace(/^lessons\/\d\d_|\/README\.md$/g, "");
    const end = `\n\`\`\`sh\ndeno task grade ${name}\n\`\`\`\n`;
    assertEquals(whole.slice(-end.length), end, path);
  }
});
