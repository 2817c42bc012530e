/**
 * What a check and an exercise are.
 *
 * @module
 */
import type { Confinement } from "./confinement.ts";
import type { Target } from "./target.ts";

/** One promise that a right answer keeps on the wire. */
export interface Check {
  /** The promise: "sends back every byte, zero bytes included". */
  name: string;
  /** The likely cause where it fails, and what to look at. One sentence or two. */
  hint: string;
  /** What it tells about the wire. One sentence or two. */
  about: string;
  /** Where to read on, from the lesson's folder: `README.md#how-it-works`. */
  page: string;
  /** The step of the stub that this is about, if one is: 2 for "STEP 2". */
  step?: number;
  /**
   * What it is worth.
   *
   * @default {1}
   */
  points?: number;
  /**
   * Finds out whether the program keeps the promise.
   *
   * @throws {CheckFailure} If it does not. Anything else that is thrown is an
   * error of the grader's own.
   */
  run(target: Target): Promise<void>;
}

/** An exercise of the course. */
export interface Exercise {
  /** The name of its folder: `01_echo`. */
  lesson: string;
  /** What it was about, for somebody who has passed it: two sentences. */
  summary: string;
  /** What the program is: the grader is then the other side. */
  kind: "server" | "client";
  /**
   * What Deno allows the program besides the network of 127.0.0.1. `{folder}`
   * stands for a folder of its own, new for each check.
   */
  permissions?: string[];
  /** What a right answer does, the simplest first. */
  checks: Check[];
}

/** A program to grade. */
export type Candidate =
  /** A file that Deno runs; it takes `--port`. Somebody else's is confined. */
  | { kind: "file"; path: string; confined?: Confinement }
  /** A command in any language. A server says which port it has taken. */
  | { kind: "command"; command: string }
  /** A server that runs already. */
  | { kind: "address"; hostname: string; port: number };

/** What came of a check. */
export interface Verdict {
  /** The check. */
  check: Check;
  /**
   * `skipped`: it cannot be made of this program. `error`: the grader itself has failed.
   */
  outcome: "passed" | "failed" | "skipped" | "error";
  /** How long it took, in milliseconds. */
  milliseconds: number;
  /** What happened, in one line: why it failed, was skipped, or went wrong. */
  message: string;
  /** The report on it, in lines; empty for one that has passed. */
  report: string[];
  /** What was said on the wire, in lines. */
  conversation: string[];
}
