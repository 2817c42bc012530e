/**
 * The files of the page, as a browser can take them.
 *
 * @module
 */
import { stripTypeScriptTypes } from "node:module";

/** Where they are. */
const FOLDER = new URL("page/", import.meta.url);

/** Content types by extension. */
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
};

/** A file of the page. */
export interface PageFile {
  text: string;
  type: string;
}

/**
 * Reads a file of the page. TypeScript comes without its types, so that it is
 * JavaScript, line by line and column by column the same.
 *
 * @param name Its name: `main.ts`.
 * @returns `null` if there is none of that name.
 */
export async function readPageFile(name: string): Promise<PageFile | null> {
  const [, extension = ""] = name.match(/^\w+\.(\w+)$/) ?? [];
  const type = TYPES[extension];
  if (type === undefined) return null;
  try {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    return {
      type,
      text: extension === "ts" ? stripTypeScriptTypes(text) : text,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
