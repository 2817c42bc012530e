/**
 * Copies of the project, in which somebody learns: a test must not touch the
 * work of whoever runs it.
 *
 * @module
 */
import { type Ending, Program, ROOT } from "./program.ts";

/** A copy of the project. It is removed when the test lets go of it. */
export class Clone implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Clone> {
    const folder = await Deno.makeTempDir();
    for (
      const name of ["deno.json", "lessons", "lib", "tests", "tools", ".std"]
    ) {
      const path = new URL(name, ROOT).pathname;
      await new Deno.Command("cp", { args: ["-r", path, folder] }).output();
    }
    return new Clone(folder);
  }

  /** Starts one of its programs. */
  start(script: string, args: string[] = []): Program {
    return new Program(
      Deno.execPath(),
      ["run", "-A", script, ...args],
      { cwd: this.folder },
    );
  }

  /** Runs one of its programs to its end. */
  async run(script: string, ...args: string[]): Promise<Ending> {
    await using program = this.start(script, args);
    return await program.ending();
  }

  /** The path of the learner's own program. */
  own(lesson: string): string {
    return `${this.folder}/work/${lesson}/exercise.ts`;
  }

  /** Puts one of its programs, a good answer unless told, in the place of the learner's own. */
  async answer(
    lesson: string,
    program = `tests/${lesson}/solution.ts`,
  ): Promise<void> {
    await Deno.mkdir(`${this.folder}/work/${lesson}`, { recursive: true });
    await Deno.copyFile(`${this.folder}/${program}`, this.own(lesson));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
