/**
 * A program of somebody else's that gets nothing but what its checks need.
 *
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Candidate } from "./check.ts";

/** What a confined program may use. */
export interface Confinement {
  /**
   * The absolute path of the folder that it reads, and nothing else. No links
   * are in there: Deno follows them wherever they lead.
   */
  folder: string;
  /** How much memory it may have in use, in bytes. */
  memory: number;
}

/** The limits of a program; none if it is not somebody else's. */
export function confinementOf(candidate: Candidate): Confinement | undefined {
  return candidate.kind === "file" ? candidate.confined : undefined;
}

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const STD = new URL("../../.std/", import.meta.url).href;

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The words behind `deno run` that confine a program.
 *
 * It listens on a port that the system picks, or connects to `port`, and cannot
 * reach any other: not even one that it has got itself. It has no environment,
 * starts nothing and writes nothing. Its imports are those of the course, so
 * that the lessons' own `lib/` works; nothing is loaded from a network, and what
 * stands beside it as a configuration is not looked at.
 *
 * @param confinement What it may use.
 * @param port The port that a client connects to; `null` for a server.
 */
export function confiningFlags(
  { folder, memory }: Confinement,
  port: number | null,
): string[] {
  // What a program stores in its browser's way it finds again: so no program
  // may have the place of another.
  const place = `http://${crypto.randomUUID()}/`;
  return [
    `--config=${CONFIG}`,
    "--cached-only",
    `--location=${place}`,
    `--v8-flags=--max-old-space-size=${Math.floor(memory / MIB)}`,
    `-N=127.0.0.1:${port ?? 0}`,
    `-R=${folder}`,
  ];
}

/**
 * A command that cannot take much more memory than its limit, whoever looks at
 * it how late: the system refuses. On Linux; elsewhere it is `command`.
 */
export function withHardLimit(command: string[], memory: number): string[] {
  if (Deno.build.os !== "linux") return command;
  // What is reserved counts here, and Deno reserves more than it uses.
  const kilobytes = Math.ceil(4 * memory / KIB);
  return ["sh", "-c", `ulimit -d ${kilobytes}; exec "$0" "$@"`, ...command];
}

/**
 * Finds an import of a program that leads out of its folder. Deno asks for no
 * permission there: what stands in the source as `import "/etc/passwd"` is read
 * before the program runs.
 *
 * @param path The program.
 * @param folder What it may read.
 * @returns The path or URL; `undefined` if there is none.
 */
export async function strayImport(
  path: string,
  folder: string,
): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      `--config=${CONFIG}`,
      "--no-remote",
      "--no-npm",
      path,
    ],
    stdin: "null",
    stderr: "null",
  }).output();
  if (!success) return path;
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string }[];
  };
  const home = `${pathToFileURL(folder).href}/`;
  const stray = modules
    .map(({ specifier }) => specifier)
    .find((specifier) =>
      specifier.startsWith("file:") &&
      !specifier.startsWith(home) && !specifier.startsWith(STD)
    );
  return stray && fileURLToPath(stray);
}
