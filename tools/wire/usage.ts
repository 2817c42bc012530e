/**
 * What `deno task wire` is told to do.
 *
 * @module
 */
import {
  addressFlag,
  type Flag,
  listenPortFlag,
  switchFlag,
  textFlag,
  wholeNumberFlag,
} from "../../lib/flag.ts";
import type { FlagValues, Usage } from "../../lib/flags.ts";
import { type Framing, FRAMINGS, isFraming } from "./framing.ts";
import type { Side } from "./trace.ts";
import { isNone, MOST, NONE, type Trouble, type Troubles } from "./trouble.ts";

/** A flag for one side, or both. */
function sideFlag(help: string): Flag<Side[]> {
  const sides: Record<string, Side[]> = {
    client: ["client"],
    server: ["server"],
    both: ["client", "server"],
  };
  return {
    default: [],
    placeholder: "SIDE",
    help,
    expected: "client, server or both",
    parse: (value) => sides[value],
  };
}

const framingFlag: Flag<Framing | null> = {
  default: null,
  placeholder: "FRAMING",
  help: "what a message is: lines, frames, none (the lesson's unless given)",
  expected: FRAMINGS.join(", ").replace(/, (\w+)$/, " or $1"),
  parse: (value) => isFraming(value) ? value : undefined,
};

function troubleFlag(name: keyof typeof MOST, help: string, unit: string) {
  const limits = { default: 0, min: 0, max: MOST[name], placeholder: unit };
  return wholeNumberFlag(help, limits);
}

const seedFlag: Flag<number | null> = {
  ...wholeNumberFlag("take the sizes and losses of an earlier run", {
    default: 0,
    min: 0,
    max: 999_999_999,
  }),
  default: null,
};

const file = { placeholder: "FILE", expected: "a path" };

/** The flags, and what they mean. */
export const USAGE = {
  command: "deno task wire",
  about: "Stands between a client and a server, and shows what TCP delivers.",
  words: "[LESSON]",
  flags: {
    to: addressFlag("the server"),
    port: listenPortFlag(0),
    framing: framingFlag,
    open: switchFlag("open the page in a browser"),
    "page-port": wholeNumberFlag("port of the page, 0 picks a free one", {
      default: 0,
      min: 0,
      max: 65_535,
      placeholder: "PORT",
    }),
    text: switchFlag("print what happens here as well"),
    from: sideFlag(
      "whose bytes get the trouble below (both unless given)",
    ),
    cut: troubleFlag("cut", "cut into pieces of 1 to N bytes", "N"),
    merge: troubleFlag("merge", "collect for so long, pass on as one", "MS"),
    delay: troubleFlag("delay", "pass on so much later", "MS"),
    lose: troubleFlag("lose", "lose so many of 100 pieces", "PERCENT"),
    stall: sideFlag("read from client, server or both; pass nothing on"),
    "end-after": troubleFlag(
      "endAfter",
      "half-close a direction after so many bytes",
      "BYTES",
    ),
    "reset-after": troubleFlag(
      "resetAfter",
      "reset after so many bytes of a direction",
      "BYTES",
    ),
    seed: seedFlag,
    save: textFlag("write the trace to this file as it happens", file),
    load: textFlag("show the trace in this file", file),
    "to-test": textFlag("make a test of the trace in this file", file),
    out: textFlag("where the test goes, trace_test.ts beside it", file),
  },
} satisfies Usage<unknown>;

/** The values of the flags. */
export type WireFlags = FlagValues<typeof USAGE.flags>;

/** What the flags say of trouble. */
export function troublesIn(flags: WireFlags): Troubles {
  const { cut, merge, delay, lose, from } = flags;
  const trouble: Trouble = {
    ...NONE,
    cut,
    merge,
    delay,
    lose,
    endAfter: flags["end-after"],
    resetAfter: flags["reset-after"],
  };
  const of = (side: Side): Trouble => ({
    ...from.length === 0 || from.includes(side) ? trouble : NONE,
    stall: flags.stall.includes(side),
  });
  return { client: of("client"), server: of("server") };
}

/** What does not go together, in one line; `null` if all does. */
export function conflictIn(flags: WireFlags): string | null {
  const { words, to, port, save, load, out, "to-test": toTest } = flags;
  if (out !== "" && toTest === "") return "--out goes with --to-test";
  if (load !== "" && toTest !== "") return "Take --load or --to-test, not both";
  if (to?.port === port && /^(127\.|localhost$)/.test(to.hostname)) {
    return `--port ${port} is the server's own: the wire needs another one`;
  }
  if (load === "" && toTest === "") return null;
  const troubled = Object.values(troublesIn(flags)).some((one) => !isNone(one));
  const live = [
    words[0] !== undefined && `"${words[0]}"`,
    to !== null && "--to",
    save !== "" && "--save",
    troubled && "trouble",
  ].find((word) => word !== false);
  return live === undefined
    ? null
    : `A trace in a file is over already: take it without ${live}`;
}
