/**
 * A class whose servers run already: a list of names and addresses.
 *
 * @module
 */
import type { Address } from "../../tests/grader/ports.ts";

/** A student's server. */
export interface ListedServer {
  /** The student. */
  student: string;
  /** Where it listens. */
  address: Address;
}

/** A line of the list is wrong. The message is one line for a person. */
export class ListError extends Error {
  /**
   * Makes the error.
   *
   * @param message What is wrong in which line.
   */
  constructor(message: string) {
    super(message);
    this.name = "ListError";
  }
}

/**
 * Reads a list of servers: `name,host:port` in each line. Blank lines are
 * allowed, and a first line that names the columns. A name with a comma in it
 * stands in quotation marks.
 *
 * @param text The list, as a spreadsheet saves it (CSV).
 * @throws {ListError} If a line is something else, if a name comes twice, or if
 * there is no server at all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readList } from "./addresses.ts";
 *
 * assertEquals(readList("name,address\nAnn,10.0.0.7:5000\n"), [
 *   { student: "Ann", address: { hostname: "10.0.0.7", port: 5000 } },
 * ]);
 * ```
 */
export function readList(text: string): ListedServer[] {
  const servers: ListedServer[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    if (servers.length === 0 && /^"?(name|student)"?\s*,\D*$/i.test(line)) {
      continue;
    }
    const server = readLine(line);
    if (server === undefined) {
      throw new ListError(
        `Line ${index + 1} is not NAME,HOST:PORT: ${JSON.stringify(line)}`,
      );
    }
    if (servers.some(({ student }) => student === server.student)) {
      throw new ListError(
        `Line ${index + 1} has a name again: ${JSON.stringify(server.student)}`,
      );
    }
    servers.push(server);
  }
  if (servers.length === 0) throw new ListError("There is no server in it");
  return servers;
}

function readLine(line: string): ListedServer | undefined {
  const parts = line.match(
    /^\s*(?:"((?:[^"]|"")+)"|([^",]+?))\s*,\s*"?([^\s",]+):(\d{1,5})"?\s*$/,
  );
  if (parts === null) return undefined;
  const [, quoted, plain = "", hostname = "", digits] = parts;
  const port = Number(digits);
  if (port < 1 || port > 65_535) return undefined;
  const student = quoted?.replaceAll('""', '"') ?? plain;
  return {
    student,
    address: { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port },
  };
}
