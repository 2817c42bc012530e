/**
 * Running `deno task class` in tests.
 *
 * @module
 */
import { within } from "../../deadline.ts";
import { type Ending, Program, ROOT } from "../../program.ts";

/** How long a class of thirty may take on a busy machine, in milliseconds. */
const LIMIT = 400_000;

/** Starts the program; what it keeps for a while goes into `temp`. */
export function startClass(args: string[], temp?: string): Program {
  return new Program(
    Deno.execPath(),
    ["run", "-A", "tools/class.ts", ...args],
    {
      cwd: ROOT,
      ...temp === undefined ? {} : { env: { TMPDIR: temp } },
    },
  );
}

/** Runs it to its end. */
export async function runClass(...args: string[]): Promise<Ending> {
  await using program = startClass(args);
  await within("the class to be graded", program.stdout.ended, LIMIT);
  return await program.ending();
}

/** Puts a program into a student's folder. */
export async function handInOne(
  folder: string,
  student: string,
  source: string,
): Promise<void> {
  await Deno.mkdir(`${folder}/${student}/01_echo`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/${student}/01_echo/exercise.ts`,
    source,
  );
}
