import { assertEquals, assertRejects } from "@std/assert";
import { dirname } from "node:path";
import { copyFolder, TooLargeError } from "../../../tools/class/copy.ts";
import { findProgram, listStudents } from "../../../tools/class/folders.ts";

/** A folder with these files in it, each with its own path as its text. */
async function makeFolder(paths: string[]) {
  const folder = await Deno.makeTempDir();
  for (const path of paths) {
    await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, path);
  }
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("a program is found where work/ has it, and alone only if one lesson was named", async () => {
  await using made = await makeFolder([
    "Ann/01_echo/exercise.ts",
    "Ben/work/01_echo/exercise.ts",
    "Cid/exercise.ts",
    "Dee/01_echo/other.ts",
    "readme.txt",
    ".git/config",
  ]);
  const { folder } = made;
  assertEquals(await listStudents(folder), ["Ann", "Ben", "Cid", "Dee"]);
  const find = async (student: string, alone: boolean) =>
    (await findProgram(folder, student, "01_echo", alone))
      ?.slice(folder.length);
  assertEquals(await find("Ann", false), "/Ann/01_echo");
  assertEquals(await find("Ben", false), "/Ben/work/01_echo");
  assertEquals(await find("Cid", false), undefined);
  assertEquals(await find("Cid", true), "/Cid");
  assertEquals(await find("Dee", true), undefined);
});

Deno.test("a link to somebody else's program is no program", async () => {
  await using made = await makeFolder(["Ann/01_echo/exercise.ts", "Ben/a.ts"]);
  const { folder } = made;
  await Deno.symlink(`${folder}/Ann/01_echo`, `${folder}/Ben/01_echo`);
  assertEquals(await findProgram(folder, "Ben", "01_echo", true), undefined);
  await Deno.symlink(
    `${folder}/Ann/01_echo/exercise.ts`,
    `${folder}/Ben/exercise.ts`,
  );
  assertEquals(await findProgram(folder, "Ben", "01_echo", true), undefined);
});

Deno.test("a copy has no links, and nothing that is no part of an answer", async () => {
  await using made = await makeFolder([
    "from/exercise.ts",
    "from/more/part.ts",
    "from/node_modules/big/index.js",
    "outside.ts",
  ]);
  const { folder } = made;
  await Deno.symlink(`${folder}/outside.ts`, `${folder}/from/link.ts`);
  await Deno.symlink(folder, `${folder}/from/folder`);
  await copyFolder(`${folder}/from`, `${folder}/to/here`);
  const names = (path: string) =>
    Array.from(Deno.readDirSync(`${folder}/${path}`), ({ name }) => name)
      .sort();
  assertEquals(names("to/here"), ["exercise.ts", "more"]);
  assertEquals(names("to/here/more"), ["part.ts"]);
});

Deno.test("a folder that is too large is not copied", async () => {
  await using many = await makeFolder(
    Array.from({ length: 201 }, (_, index) => `from/${index}.ts`),
  );
  const copy = (folder: string) => copyFolder(`${folder}/from`, `${folder}/to`);
  await assertRejects(() => copy(many.folder), TooLargeError, "200 files");

  await using large = await makeFolder(["from/exercise.ts"]);
  await Deno.truncate(`${large.folder}/from/exercise.ts`, 9 * 1024 * 1024);
  await assertRejects(() => copy(large.folder), TooLargeError, "8 MiB");
});
