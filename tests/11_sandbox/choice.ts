/**
 * What a learner has chosen in exercise 11, as the program's own /help says.
 *
 * @module
 */
import { Skip } from "../grader/failure.ts";
import type { Guest } from "./room.ts";

/** The commands to choose from. */
export const COMMANDS = ["/count", "/time", "/roll", "/msg", "/last"] as const;

/** A command to choose. */
export type Command = (typeof COMMANDS)[number];

/** The limits to choose from, and the bounds of their N. */
export const LIMITS = {
  rate: [5, 20],
  name: [8, 32],
  clients: [3, 20],
  bytes: [1000, 10_000],
  silence: [2, 5],
} as const;

/** A limit to choose. */
export type Limit = keyof typeof LIMITS;

/** The two lines of /help, in words. */
export interface Help {
  /** `/help`, `/quit`, `/count`. */
  commands: string[];
  /** `rate=5`; empty where there is none yet. */
  limits: string[];
}

/** Has `guest` ask for /help. */
export async function askForHelp(guest: Guest): Promise<Help> {
  await guest.say("/help");
  const words = async (kind: string, example: string) => {
    const [, list = ""] = await guest.peer.expectLine(
      new RegExp(`^SERVER: ${kind}((?: \\S+)+)$`),
      `"SERVER: ${kind}" and the words, as in "SERVER: ${kind} ${example}"`,
    );
    return list.trim().split(" ");
  };
  const commands = await words("commands", "/help /quit /count");
  const limits = await words("limits", "rate=5");
  return { commands, limits: limits.filter((word) => word !== "none") };
}

/** The limit that a word of /help names, and whether its N is allowed. */
export function limitIn(
  word: string,
): { limit: Limit; count: number; allowed: boolean } | undefined {
  const [, name = "", digits = ""] = word.match(/^(\w+)=(\d+)$/) ?? [];
  if (!Object.hasOwn(LIMITS, name)) return undefined;
  const limit = name as Limit;
  const count = Number(digits);
  const [least, most] = LIMITS[limit];
  return { limit, count, allowed: least <= count && count <= most };
}

/** Goes on only if the learner has chosen `command`. */
export async function needCommand(
  guest: Guest,
  command: Command,
): Promise<void> {
  const { commands } = await askForHelp(guest);
  if (!commands.includes(command)) {
    throw new Skip(`/help does not name ${command}`);
  }
}

/** The N that the learner has chosen for `limit`; goes on only if there is one. */
export async function needLimit(guest: Guest, limit: Limit): Promise<number> {
  const { limits } = await askForHelp(guest);
  for (const word of limits) {
    const found = limitIn(word);
    if (found?.limit === limit && found.allowed) return found.count;
  }
  const [least, most] = LIMITS[limit];
  throw new Skip(
    `/help names no ${limit}=N with N from ${least} to ${most}`,
  );
}
