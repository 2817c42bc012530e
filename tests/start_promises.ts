/**
 * What servers and clients alike promise about their start: the help, a line
 * for each wrong flag and for a host that is none, and the command that grants
 * a missing permission.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Program, ROOT, startScript } from "./program.ts";

/** What is different from one program to the next. */
export interface Description {
  /** The script, as seen from the project's folder. */
  script: string;
  /** The port that it takes when it is told none. */
  port: number;
  /** What Deno has to let it do besides the network: `["-R"]`. */
  permissions?: string[];
  /** What it is started with each time, besides `--port`. */
  args?: string[];
  /** What its help has besides `--host` and `--port`. */
  help?: string[];
  /** How its help calls the words that it takes: `[FILE...]`. */
  words?: string;
  /** Flags of its own that it does not take, and the line for each. */
  refused?: Refused[];
  /** Its last words on Ctrl+C. */
  farewell?: string;
}

/** Flags that a program does not take, and the line that they get. */
export type Refused = [args: string[], line: string];

/** `echo server`, for `lessons/01_echo/echo_server.ts`. */
function nameOf({ script }: Description): string {
  const file = script.slice(script.lastIndexOf("/") + 1);
  return file.replace(/\.ts$/, "").replaceAll("_", " ");
}

/** Registers tests that have the program in front of their own names. */
export function testsOf(
  program: Description,
): (promise: string, test: () => Promise<void>) => void {
  const name = [nameOf(program), ...program.args ?? []].join(" ");
  return (promise, test) => Deno.test(`${name}: ${promise}`, test);
}

/** Starts the program. `words` come last, and win over those before them. */
export function start(
  program: Description,
  port: number,
  words: string[] = [],
  network: string[] = ["-N=127.0.0.1"],
): Program {
  const { script, args = [], permissions = [] } = program;
  const all = ["--port", String(port), ...args, ...words];
  return startScript(script, all, [...network, ...permissions]);
}

/** That the program prints `line` and nothing else, and ends. */
export async function assertRefuses(
  running: Program,
  code: number,
  line: string,
): Promise<void> {
  await using program = running;
  assertEquals(await program.ending(), {
    code,
    stdout: "",
    stderr: `${line}\n`,
  });
}

/** Registers the tests of `--help`, and of flags that are wrong. */
export function promisesOfFlags(
  program: Description,
  lowestPort: 0 | 1,
): void {
  const test = testsOf(program);

  test("--help lists the flags, with status 0", async () => {
    await using running = start(program, lowestPort, ["--help"]);
    const { code, stdout, stderr } = await running.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const { words = "", help = [] } = program;
    const task = nameOf(program).replaceAll(" ", "-");
    const usage = `deno task ${task} [flags] ${words}`.trimEnd();
    assertStringIncludes(stdout, `\n\nUsage: ${usage}\n\n`);
    assertMatch(stdout, /^ {2}--host HOST .*\(127\.0\.0\.1 unless given\)$/m);
    const port = stdout.match(/^ {2}--port PORT .*\((\d+) unless given\)$/m);
    assertEquals(port?.[1], String(program.port), stdout);
    for (const piece of help) assertStringIncludes(stdout, piece);
  });

  const portLine = (value: string) =>
    `--port takes a whole number from ${lowestPort} to 65535, not ${value}`;
  const hostLine = (value: string) =>
    `--host takes an address or a name, not ${value}`;
  const refused: Refused[] = [
    [["--port", "http"], portLine('"http"')],
    [["--port", "70000"], portLine('"70000"')],
    [["--port"], portLine("nothing")],
    [["--host", "two words"], hostLine('"two words"')],
    [["--host"], hostLine("nothing")],
    [["--prot", "5000"], "There is no flag --prot; see --help"],
    [["-x"], "There is no flag -x; see --help"],
    ...program.refused ?? [],
  ];
  if (lowestPort === 1) refused.push([["--port", "0"], portLine('"0"')]);
  if (program.words === undefined) {
    refused.push([["word"], '"word" is not a flag; see --help']);
  }
  for (const [args, line] of refused) {
    test(`${args.join(" ")} gets one line and status 2`, async () => {
      await assertRefuses(start(program, lowestPort, args), 2, line);
    });
  }
}

/** Registers the tests of hosts that are none, and of `hosts` besides. */
export function promisesOfHosts(
  program: Description,
  port: number,
  hosts: Record<string, string> = {},
): void {
  const lines = {
    "nowhere.invalid": "There is no host named nowhere.invalid. " +
      "Check the spelling of --host",
    "a..b": '"a..b" is neither an address nor a name. Check --host',
    ...hosts,
  };
  const test = testsOf(program);
  for (const [host, line] of Object.entries(lines)) {
    test(`--host ${host} gets one line and status 1`, async () => {
      const running = start(program, port, ["--host", host], ["-N"]);
      await assertRefuses(running, 1, line);
    });
  }
}

/**
 * Starts the program without the network, and then with the command that its
 * line names.
 */
export async function startAsTold(
  program: Description,
  port: number,
): Promise<Program> {
  const { script, args = [] } = program;
  const words = [script, "--port", String(port), ...args];
  const granting = ["run", "--allow-net=127.0.0.1", ...words];
  const line = `Deno was not given net access to 127.0.0.1:${port}. ` +
    `Start it with: deno ${granting.join(" ")}`;
  await assertRefuses(start(program, port, [], []), 1, line);
  return new Program(Deno.execPath(), granting, { cwd: ROOT });
}
