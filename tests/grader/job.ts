/**
 * Running `deno test` over exercises, and what comes of it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Candidate, Verdict } from "./check.ts";
import { killMarked } from "./process.ts";

/** In the environment of `graded.ts`: the jobs, as JSON. */
export const JOBS = "SOCKET_COURSE_JOBS";

/** An exercise to grade. */
export interface Job {
  /** The name of its folder: `01_echo`. */
  lesson: string;
  /** The program. */
  candidate: Candidate;
  /** Where everything random comes from. */
  seed: number;
  /** The names of the checks to make. */
  checks: string[];
  /** Marks the processes of this grading. */
  mark: string;
}

/** What came of one check. */
export interface JobResult {
  /** The name of its folder. */
  lesson: string;
  /** The name of the check. */
  name: string;
  /** How the check has ended. */
  outcome: Verdict["outcome"];
  /** How long it took. */
  milliseconds: number;
  /** What happened, in one line; empty where it has passed. */
  message: string;
  /** The report on it, in lines. */
  report: string[];
  /** What was said on the wire, in lines. */
  conversation: string[];
}

/** Options of {@linkcode runJobs}. */
export interface RunJobsOptions {
  /** The reporter of `deno test` that prints to standard output, if one does. */
  reporter?: "junit" | undefined;
  /** The file for a JUnit report. */
  junitPath?: string | undefined;
  /** Ends it before its time, as Ctrl+C does. */
  signal?: AbortSignal | undefined;
}

/** What came of all checks, and how `deno test` has ended. */
export interface Outcome {
  /** What came of each check, in their order. */
  results: JobResult[];
  /** The exit status of `deno test`: 0 if every test has passed. */
  code: number;
  /** Whether Ctrl+C or the signal has ended it. */
  interrupted: boolean;
  /** What it has printed; of use only if something is wrong with the grader. */
  output: string;
}

/**
 * Grades exercises with `deno test`, in a process of its own.
 *
 * On Ctrl+C everything that was started is ended.
 */
export async function runJobs(
  jobs: Job[],
  { reporter, junitPath, signal }: RunJobsOptions = {},
): Promise<Outcome> {
  // What the run leaves anywhere for a while is in here, and goes with it.
  const folder = await Deno.makeTempDir({ prefix: "socket_course_" });
  const results = `${folder}/results`;
  await Deno.writeTextFile(results, "");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--allow-all",
      "--no-check",
      "--quiet",
      `--reporter=${reporter ?? "dot"}`,
      ...junitPath === undefined ? [] : [`--junit-path=${junitPath}`],
      fileURLToPath(new URL("graded.ts", import.meta.url)),
    ],
    env: {
      [JOBS]: JSON.stringify({ jobs, results }),
      TMPDIR: folder,
      TEMP: folder,
    },
    stdin: "null",
    stdout: reporter === undefined ? "piped" : "inherit",
    stderr: "piped",
  }).spawn();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    child.kill("SIGKILL"); // It would start more.
  };
  Deno.addSignalListener("SIGINT", interrupt);
  signal?.addEventListener("abort", interrupt);
  try {
    const [{ code }, ...outputs] = await Promise.all([
      child.status,
      reporter === undefined ? new Response(child.stdout).text() : "",
      new Response(child.stderr).text(),
    ]);
    if (interrupted) {
      for (const { mark } of jobs) killMarked(`${mark}.`);
    }
    const lines = (await Deno.readTextFile(results)).split("\n").slice(0, -1);
    return {
      code,
      interrupted,
      results: lines.map((line) => JSON.parse(line)),
      output: outputs.join("\n"),
    };
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
    signal?.removeEventListener("abort", interrupt);
    await Deno.remove(folder, { recursive: true });
  }
}
