/**
 * The files that the classroom server hands out.
 *
 * @module
 */

import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type NpmFolders, unicodeWidthModule } from "../std.ts";

const ROOT = new URL("../../", import.meta.url);

/** A file as it is handed out. */
export interface ServedFile {
  body: string | Uint8Array<ArrayBuffer>;
  /** Without the dot. */
  extension: string;
}

/**
 * Reads the file that a path names.
 *
 * @param pathname The path of the URL, still encoded.
 * @param packages What is served as `/std/` and `/width/`.
 * @returns The file, or `null` if it is not one that is handed out.
 */
export async function readServedFile(
  pathname: string,
  packages: NpmFolders,
): Promise<ServedFile | null> {
  // No name begins with a dot or holds anything but letters, digits, dots and
  // dashes: so no path leads upwards, and none is absolute.
  const parts = pathname.match(
    /^\/(lessons|lib|std|width)((?:\/[A-Za-z0-9_][\w.-]*)+)$/,
  );
  if (parts === null) return null;
  const [, folder = "", path = ""] = parts;
  if (pathname === "/std/cli/unicode_width.js") {
    return {
      body: unicodeWidthModule("/width/dist/index.js"),
      extension: "ts",
    };
  }
  const base = folder === "std" || folder === "width"
    ? pathToFileURL(packages[folder] + sep)
    : new URL(`${folder}/`, ROOT);
  try {
    const file = await Deno.realPath(new URL(`.${path}`, base));
    const home = await Deno.realPath(base); // A link could lead elsewhere.
    if (!file.startsWith(home + sep)) return null;
    const extension = path.slice(path.lastIndexOf(".") + 1);
    const body = extension === "ts"
      ? importFromHere(await Deno.readTextFile(file))
      : await Deno.readFile(file);
    return { body, extension };
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.IsADirectory ||
      error instanceof Deno.errors.NotADirectory
    ) return null;
    throw error;
  }
}

/**
 * Turns imports from JSR into imports from this server:
 * `jsr:@std/cli@^1/parse-args` is `/std/cli/parse_args.js`.
 */
function importFromHere(source: string): string {
  return source.replace(
    /(\bfrom |\bimport )"jsr:@std\/([a-z]+)@[^"/]*(?:\/([a-z-]+))?"/g,
    (_, keyword: string, name: string, module = "mod") =>
      `${keyword}"/std/${name}/${module.replaceAll("-", "_")}.js"`,
  );
}
