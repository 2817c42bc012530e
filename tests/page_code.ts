/**
 * The code on a page of the course.
 *
 * @module
 */
import { assert } from "@std/assert";
import { ROOT } from "./program.ts";

/** That every line of TypeScript on the page is a line of these files. */
export async function assertCodeIsIn(
  page: string,
  paths: string[],
): Promise<void> {
  const sources = await Promise.all(
    paths.map((path) => Deno.readTextFile(new URL(path, ROOT))),
  );
  const lines = new Set(
    sources.flatMap((text) => text.split("\n").map((line) => line.trim())),
  );
  for (const [, code = ""] of page.matchAll(/```ts\n(.*?)```/gs)) {
    for (const line of code.trim().split("\n")) {
      const bare = line.replace(/ \/\/ big-endian$/, "").trim();
      if (bare !== "// ...") assert(lines.has(bare), bare);
    }
  }
}
