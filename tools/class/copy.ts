/**
 * A copy of what a student has handed in, to be run in place of it.
 *
 * @module
 */

/** How many files are copied, at most: an exercise is one, or a few. */
const MAX_FILES = 200;

/** How many bytes are copied, at most. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Folders that are no part of an answer. */
const LEFT_OUT = ["node_modules", ".git"];

/** A folder is too large for an exercise. The message says so to a person. */
export class TooLargeError extends Error {
  /** Makes the error. */
  constructor() {
    super(
      `The folder holds more than ${MAX_FILES} files, or more than ` +
        `${MAX_BYTES / 1024 / 1024} MiB`,
    );
    this.name = "TooLargeError";
  }
}

/**
 * Copies the files of a folder. Links are left out, and so nothing in the copy
 * leads out of it.
 *
 * @param from The folder.
 * @param to The folder of the copy; it is made.
 * @throws {TooLargeError} If there is more than belongs to an exercise.
 */
export async function copyFolder(from: string, to: string): Promise<void> {
  let files = 0;
  let bytes = 0;

  async function copy(from: string, to: string): Promise<void> {
    await Deno.mkdir(to, { recursive: true });
    for await (const { name, isFile, isDirectory } of Deno.readDir(from)) {
      const [source, target] = [`${from}/${name}`, `${to}/${name}`];
      if (isDirectory && !LEFT_OUT.includes(name)) await copy(source, target);
      if (!isFile) continue; // Nor a pipe, which would never end.
      bytes += (await Deno.lstat(source)).size;
      if (++files > MAX_FILES || bytes > MAX_BYTES) throw new TooLargeError();
      await Deno.copyFile(source, target);
    }
  }

  await copy(from, to);
}
