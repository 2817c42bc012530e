/**
 * What a class has handed in: a folder for each student.
 *
 * @module
 */

/** The names of the students' folders, in order. */
export async function listStudents(from: string): Promise<string[]> {
  const students: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory && !name.startsWith(".")) students.push(name);
  }
  return students.sort();
}

/**
 * Finds a student's program. A link is none: it may lead to somebody else's.
 *
 * @param from The folder of the class.
 * @param student The name of the student's folder.
 * @param lesson The lesson.
 * @param alone Whether no other lesson is graded: the program may then stand in
 * the student's folder itself.
 * @returns The folder that it is in; `undefined` if there is none.
 */
export async function findProgram(
  from: string,
  student: string,
  lesson: string,
  alone: boolean,
): Promise<string | undefined> {
  const places = [[lesson], ["work", lesson], ...alone ? [[]] : []];
  for (const place of places) {
    if (await isPlain(`${from}/${student}`, [...place, "exercise.ts"])) {
      return [from, student, ...place].join("/");
    }
  }
}

/** Whether a path leads to a file, and through no link. */
async function isPlain(folder: string, names: string[]): Promise<boolean> {
  let path = folder;
  try {
    for (const name of names) {
      path += `/${name}`;
      const info = await Deno.lstat(path);
      if (info.isSymlink) return false;
    }
    return (await Deno.lstat(path)).isFile;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return false;
    throw error;
  }
}
