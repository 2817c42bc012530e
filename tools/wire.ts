/**
 * The wire made visible: stands between a client and a server, shows what each
 * read brings and which messages that is, and makes trouble on purpose.
 *
 * Run: deno task wire echo        or: deno task wire --to 127.0.0.1:65432
 *
 * @module
 */
import { parseAddress } from "../lib/address.ts";
import { flagsOrExit } from "../lib/flags.ts";
import { runProgram } from "../lib/program.ts";
import { lessonNames } from "../tests/grader/course.ts";
import { chooseLesson, UnclearLessonError } from "../tests/grader/lookup.ts";
import { Live } from "./wire/live.ts";
import type { Address } from "./wire/proxy.ts";
import { Recording } from "./wire/recording.ts";
import { refuse, refuseFile } from "./wire/refuse.ts";
import { loadFrom } from "./wire/save.ts";
import { printTrace, servePage } from "./wire/tell.ts";
import { testOf } from "./wire/to_test.ts";
import { NONE } from "./wire/trouble.ts";
import { conflictIn, USAGE, type WireFlags } from "./wire/usage.ts";

/** The server, or the lesson that has one. */
async function named(
  words: string[],
  to: Address | null,
): Promise<Address | string> {
  const [word, ...more] = words;
  if (more.length > 0) refuse(`One lesson at a time, not also "${more[0]}"`);
  if (word === undefined) {
    if (to !== null) return to;
    refuse("Which server? --to HOST:PORT, or a lesson: deno task wire echo");
  }
  if (to !== null) refuse("Take a lesson or --to, not both");
  try {
    return chooseLesson(word, await lessonNames());
  } catch (error) {
    if (error instanceof UnclearLessonError) refuse(error.message);
    throw error;
  }
}

/** Writes the test that replays the trace in a file. */
async function writeTest(path: string, given: string): Promise<void> {
  const out = given || `${path.replace(/\.\w+$/, "")}_test.ts`;
  const made = async () => {
    const trace = await loadFrom(path);
    const name = path.replace(/^.*[\\/]/, "");
    return { to: trace.to, text: testOf(trace, name) };
  };
  const { to, text } = await made().catch((error) => refuseFile(path, error));
  try {
    // Somebody may have edited the one that is there.
    await Deno.writeTextFile(out, text, { createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      refuse(`${out} is there, and stays as it is: --out FILE for another`, 1);
    }
    refuseFile(out, error);
  }
  const host = parseAddress(to)?.hostname;
  console.log(`Written: ${out}`);
  console.log(`Run it:  deno test -N=${host} ${out}`);
}

/** Shows the trace in a file. */
async function show(
  path: string,
  flags: WireFlags,
  signal: AbortSignal,
): Promise<void> {
  const trace = await loadFrom(path).catch((error) => refuseFile(path, error));
  const framing = flags.framing ?? trace.framing;
  const recording = Recording.of({ ...trace, framing });
  if (flags.text) return printTrace(recording);
  const state = {
    address: null,
    to: trace.to,
    framing,
    lesson: null,
    troubles: { client: NONE, server: NONE },
    open: [],
  };
  await servePage({
    recording,
    state: () => Promise.resolve(state),
    controls: null,
    port: flags["page-port"],
    open: flags.open,
  });
  await aborted(signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}

if (import.meta.main) {
  const flags = flagsOrExit(USAGE);
  const conflict = conflictIn(flags);
  if (conflict !== null) refuse(conflict);

  if (flags["to-test"] !== "") {
    await writeTest(flags["to-test"], flags.out);
  } else {
    await runProgram(async (signal) => {
      if (flags.load !== "") return await show(flags.load, flags, signal);
      const to = await named(flags.words, flags.to);
      await using live = await Live.make(to, flags);
      await live.start();
      await aborted(signal);
    }, {
      address: { hostname: "127.0.0.1", port: flags.port },
      farewell: "Wire stopped",
      grace: 3000,
    });
  }
  Deno.exit(0); // The page is still served.
}
