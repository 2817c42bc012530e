/**
 * The flags of a lesson's program: `--host`, `--port`, `--help` and its own.
 *
 * @module
 */
import { parseArgs } from "jsr:@std/cli@^1/parse-args";
import type { Flag } from "./flag.ts";

/**
 * The person gave a flag that there is not, or a value that it cannot take.
 * The message is one line for that person.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { listenPortFlag } from "./flag.ts";
 * import { FlagError, parseFlags } from "./flags.ts";
 *
 * const usage = {
 *   command: "deno task echo-server",
 *   about: "Sends back every byte.",
 *   flags: { port: listenPortFlag(65432) },
 * };
 * assertThrows(
 *   () => parseFlags(["--port", "99999"], usage),
 *   FlagError,
 *   '--port takes a whole number from 0 to 65535, not "99999"',
 * );
 * ```
 */
export class FlagError extends Error {
  /**
   * Makes the error.
   *
   * @param message What is wrong with which flag.
   */
  constructor(message: string) {
    super(message);
    this.name = "FlagError";
  }
}

/** What a program takes. */
export interface Usage<F> {
  /** The command, without its flags: `deno task echo-server`. */
  command: string;
  /** What it does, one line. */
  about: string;
  /** Its flags by name, without the dashes. */
  flags: F;
  /** What stands in the help for the words it takes besides; if it takes any. */
  words?: string;
}

/** The values of flags, by name, and the words that are no flags. */
export type FlagValues<F> =
  & { [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never }
  & { words: string[] };

/**
 * Reads the flags in `args`.
 *
 * @param args What came after the command, `Deno.args` say.
 * @param usage What the program takes.
 * @returns The value of every flag; or `null` when `--help` was among them.
 * @throws {FlagError} If a flag is unknown, lacks its value or has a value that
 * it cannot take, or if there is a word and the program takes none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hostFlag, listenPortFlag } from "./flag.ts";
 * import { parseFlags } from "./flags.ts";
 *
 * const usage = {
 *   command: "deno task echo-server",
 *   about: "Sends back every byte.",
 *   flags: { host: hostFlag("address to listen on"), port: listenPortFlag(65432) },
 * };
 * assertEquals(parseFlags(["--port", "0"], usage), {
 *   host: "127.0.0.1",
 *   port: 0,
 *   words: [],
 * });
 * ```
 */
export function parseFlags<F extends Record<string, Flag<unknown>>>(
  args: string[],
  usage: Usage<F>,
): FlagValues<F> | null {
  const flags = Object.entries(usage.flags);
  const switches = flags.filter(([, flag]) => flag.placeholder === "");
  const names = (some: typeof flags) => some.map(([name]) => name);
  const given: Record<string, unknown> = parseArgs(args, {
    string: [...names(flags.filter((flag) => !switches.includes(flag))), "_"],
    boolean: ["help", ...names(switches)],
    alias: { help: "h" },
    unknown: (arg: string) => {
      if (!arg.startsWith("-")) return; // Below, with what stands behind "--".
      throw new FlagError(`There is no flag ${arg.split("=")[0]}; see --help`);
    },
  });
  if (given.help === true) return null;

  const values: Record<string, unknown> = {};
  for (const [name, flag] of flags) {
    values[name] = valueOf(name, flag, given[name]);
  }
  values.words = given._;
  const [stray] = given._ as string[];
  if (stray !== undefined && usage.words === undefined) {
    throw new FlagError(`"${stray}" is not a flag; see --help`);
  }
  return values as FlagValues<F>;
}

function valueOf<T>(name: string, flag: Flag<T>, given: unknown): T {
  if (given === undefined) return flag.default;
  const value = flag.parse(String(given));
  if (value !== undefined) return value;
  const was = given === "" ? "nothing" : `"${given}"`;
  throw new FlagError(`--${name} takes ${flag.expected}, not ${was}`);
}

/**
 * What `--help` prints: what the program does, and a line for each flag.
 *
 * @param usage What the program takes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { connectPortFlag } from "./flag.ts";
 * import { formatHelp } from "./flags.ts";
 *
 * const usage = {
 *   command: "deno task echo-client",
 *   about: "Type a line, see it come back.",
 *   flags: { port: connectPortFlag(65432) },
 * };
 * assertEquals(
 *   formatHelp(usage),
 *   `Type a line, see it come back.
 *
 * Usage: deno task echo-client [flags]
 *
 *   --port PORT  port of the server (65432 unless given)
 *   --help       show this and leave`,
 * );
 * ```
 */
export function formatHelp(
  usage: Usage<Record<string, Flag<unknown>>>,
): string {
  const rows: [string, string][] = [
    ...Object.entries(usage.flags).map(([name, flag]): [string, string] => [
      `--${name} ${flag.placeholder}`.trimEnd(),
      `${flag.help}${defaultOf(flag)}`,
    ]),
    ["--help", "show this and leave"],
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    usage.about,
    "",
    `Usage: ${usage.command} [flags]${usage.words ? ` ${usage.words}` : ""}`,
    "",
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join("\n");
}

/** What a flag is without being given, where that is a value a person could give. */
function defaultOf(flag: Flag<unknown>): string {
  const { default: value } = flag;
  return typeof value === "number" ||
      (typeof value === "string" && value !== "")
    ? ` (${value} unless given)`
    : "";
}

/**
 * Reads the flags that the program was started with. On `--help` it prints the
 * help and ends the program with status 0; on a wrong flag it prints one line
 * and ends it with status 2.
 *
 * @param usage What the program takes.
 * @returns The value of every flag.
 *
 * @example At the beginning of a program
 * ```ts
 * import { hostFlag, listenPortFlag } from "./flag.ts";
 * import { flagsOrExit } from "./flags.ts";
 *
 * if (import.meta.main) {
 *   const { host, port } = flagsOrExit({
 *     command: "deno task echo-server",
 *     about: "Sends back every byte.",
 *     flags: {
 *       host: hostFlag("address to listen on"),
 *       port: listenPortFlag(65432),
 *     },
 *   });
 *   console.log(host, port);
 * }
 * ```
 */
export function flagsOrExit<F extends Record<string, Flag<unknown>>>(
  usage: Usage<F>,
): FlagValues<F> {
  try {
    const values = parseFlags(Deno.args, usage);
    if (values !== null) return values;
    console.log(formatHelp(usage));
    Deno.exit(0);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
