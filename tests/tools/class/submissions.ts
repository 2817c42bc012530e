/**
 * A class of thirty for tests: right answers, wrong ones, and hostile ones.
 *
 * @module
 */
import { brokenPrograms } from "../../grader/course.ts";
import { ROOT } from "../../program.ts";

/** A student of a test. */
export interface Student {
  name: string;
  /** The program; `null`: an empty folder. */
  source: string | null;
  /** Which checks it passes; `undefined`: what the checks say of it. */
  passes?: "all" | "none";
  /** Words that the reports on it must have. */
  words?: string;
}

/** A name that would run on a page that does not escape it. */
export const HOSTILE_NAME =
  `<img src=x onerror="document.title='run'"><script>alert(1)<`;

/** A server that does something else before it answers rightly. */
function before(code: string, solution: string): string {
  return `${code}\n${solution}`;
}

/** An attempt that must not succeed: if it does, the program tells everybody. */
function attempt(code: string): string {
  return `try { ${code}; console.log("SUCCEEDED"); } ` +
    `catch (error) { console.error(error.message); Deno.exit(1); }`;
}

/** What the thirty hand in for lesson 01. */
export async function students(): Promise<Student[]> {
  const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
  const solution = await read("tests/01_echo/solution.ts");
  const right = (name: string): Student => ({
    name,
    source: solution,
    passes: "all",
  });
  const hostile = (name: string, source: string, words: string): Student => ({
    name,
    source,
    passes: "none",
    words,
  });
  const wrong = (await brokenPrograms("01_echo")).slice(0, 6);
  return [
    ...["Ann", "Ben", "Eve, of all", "José", "=1+1", 'O"Neil'].map(right),
    right(HOSTILE_NAME),
    ...await Promise.all(wrong.map(async ({ path }, index) => ({
      name: `wrong ${index + 1}`,
      source: await read(path),
    }))),
    {
      name: "stub",
      source: await read("lessons/01_echo/exercise.ts"),
      words: "STEP 1",
    },
    { name: "empty", source: null },
    hostile("syntax", "const = 3 (", "before it listened"),
    hostile(
      "hangs",
      "await new Promise((r) => setTimeout(r, 1e9));",
      "runs, but does not listen",
    ),
    hostile("loops", "for (;;);", "runs, but does not listen"),
    hostile(
      "eats numbers",
      "const all = []; for (;;) all.push(new Array(1000).fill(0.5));",
      "used more than 512 MiB of memory",
    ),
    hostile(
      "eats buffers",
      "const all = []; for (;;) all.push(new Uint8Array(2 ** 24).fill(1));",
      "used more than 512 MiB of memory",
    ),
    hostile(
      "prints",
      'for (;;) Deno.stdout.writeSync(new TextEncoder().encode("spam\\n".repeat(9999)));',
      "runs, but does not listen",
    ),
    hostile(
      "floods the wire",
      `const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      console.log("Listening on 127.0.0.1:" + listener.addr.port);
      const conn = await listener.accept();
      for (;;) await conn.write(new Uint8Array(2 ** 20));`,
      "got something else",
    ),
    hostile(
      "lies",
      `const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      console.log("Listening on 127.0.0.1:22");
      await listener.accept();`,
      "The program says that it listens on 127.0.0.1:22",
    ),
    hostile(
      "forks",
      before(
        attempt('new Deno.Command("sleep", { args: ["9"] }).spawn()'),
        solution,
      ),
      "run access",
    ),
    hostile(
      "reads the system",
      before(attempt('Deno.readTextFileSync("/etc/passwd")'), solution),
      "read access",
    ),
    hostile(
      "reads by import",
      'import text from "/etc/passwd" with { type: "text" };\n' +
        before("console.log(text);", solution),
      "It imports /etc/passwd",
    ),
    hostile(
      "reads by a link",
      before(
        attempt('Deno.readTextFileSync(import.meta.dirname + "/link.txt")'),
        solution,
      ),
      "No such file",
    ),
    hostile(
      "reads Ann",
      'export * from "../../Ann/01_echo/exercise.ts";',
      "before it listened",
    ),
    hostile(
      "connects",
      before(
        attempt('await Deno.connect({ hostname: "127.0.0.1", port: 22 })'),
        solution,
      ),
      "net access",
    ),
    hostile(
      "writes",
      before(attempt('Deno.writeTextFileSync("/tmp/x", "")'), solution),
      "write access",
    ),
  ];
}

/** Puts what they hand in into a folder of each, and returns the students. */
export async function handIn(folder: string): Promise<Student[]> {
  const all = await students();
  for (const { name, source } of all) {
    const own = `${folder}/${name}/01_echo`;
    await Deno.mkdir(own, { recursive: true });
    if (source === null) continue;
    await Deno.writeTextFile(`${own}/exercise.ts`, source);
    await Deno.symlink("/etc/passwd", `${own}/link.txt`);
  }
  return all;
}
