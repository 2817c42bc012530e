/**
 * What both servers of this lesson say, and what makes a name.
 *
 * @module
 */
import { printable } from "../../lib/console.ts";

/** What every client gets first. */
export const WELCOME = "Welcome! Enter your name:\n";

/** What a client gets whose line is over the limit, before it is let go of. */
export const LINE_TOO_LONG = "ERROR: Line too long\n";

/** What the one who joins gets. */
export function hello(name: string): string {
  return `Hello ${name}! You can chat now.\n`;
}

/** What all others get when somebody joins. */
export function joined(name: string): string {
  return `${name} has joined the chat.\n`;
}

/** What the rest get when somebody leaves, for whatever reason. */
export function left(name: string): string {
  return `${name} has left the chat.\n`;
}

/** How many characters of a name count. */
const MAX_NAME_LENGTH = 32;

/**
 * The name that a client has asked for with its first line.
 *
 * Everybody sees it, again and again, so it must be short, and harmless on
 * every terminal: control characters are written out, and only then is it cut.
 *
 * @param line The client's first line.
 * @param peer Its `IP:PORT`, the name of a client that has given none.
 */
export function nameFrom(line: string, peer: string): string {
  const characters = Array.from(printable(line.trim()));
  return characters.slice(0, MAX_NAME_LENGTH).join("").trim() || peer;
}
