/**
 * What differs between two texts. The library is named here rather than in
 * deno.json, because `deno task` loads every package named there.
 *
 * @module
 */
import { structuredPatch } from "npm:diff@9.0.0";

/**
 * The lines that lead from one program to the other, with three lines around
 * each change.
 *
 * @param own What somebody has written: its lines get a `-`.
 * @param other What it is compared with: its lines get a `+`.
 * @returns Empty if they are the same.
 */
export function diffLines(own: string, other: string): string[] {
  const { hunks } = structuredPatch("own", "other", own, other, "", "", {
    context: 3,
  });
  return hunks.flatMap(({ oldStart, lines }, index) => [
    ...index === 0 ? [] : [""],
    `line ${oldStart} of yours`,
    ...lines.filter((line) => !line.startsWith("\\")),
  ]);
}
