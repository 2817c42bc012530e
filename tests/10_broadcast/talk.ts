/**
 * People in a room, as the checks play them.
 *
 * @module
 */
import { causeIn } from "../grader/cause.ts";
import { CheckFailure } from "../grader/failure.ts";
import type { ExpectOptions, Peer } from "../grader/peer.ts";
import { compare } from "../grader/show.ts";
import type { Target } from "../grader/target.ts";
import { bytesOf } from "../grader/wire.ts";

/** What a client gets when it connects. */
export const WELCOME = "Welcome! Enter your name:";

/**
 * How much longer an answer may take where a lot is said, in milliseconds: a
 * server may make the one who talks wait.
 */
const HELD_BACK: ExpectOptions = { extra: 1000 };

/** Somebody in the room. */
export interface Member {
  /** What the room calls them. */
  name: string;
  client: Peer;
}

/** A room of three. */
export type Room = [Member, Member, Member];

/** What a client gets for its name. */
export function hello(name: string): string {
  return `Hello ${name}! You can chat now.`;
}

/** What the others get about somebody new. */
export function joined(name: string): string {
  return `${name} has joined the chat.`;
}

/** What the others get about somebody who is gone. */
export function left(name: string): string {
  return `${name} has left the chat.`;
}

/** Waits for exactly these lines, one after the other. */
export async function hear(
  { client }: { client: Peer },
  ...lines: string[]
): Promise<void> {
  for (const line of lines) await client.expect(`${line}\n`);
}

/** Waits until all of them have got exactly these lines. */
export async function allHear(
  room: Member[],
  ...lines: string[]
): Promise<void> {
  for (const member of room) await hear(member, ...lines);
}

/** Has the first one say something, which all have to hear next. */
export async function speak(
  target: Target,
  room: [Member, ...Member[]],
): Promise<void> {
  const [{ name, client }] = room;
  const word = target.random.word();
  await client.send(`${word}\n`);
  await allHear(room, `${name}: ${word}`);
}

/** Connects, and is welcomed. */
export async function arrive(target: Target): Promise<{ client: Peer }> {
  const client = await target.connect();
  await hear({ client }, WELCOME);
  return { client };
}

/** Has somebody with a name join `room`. */
export async function join(target: Target, room: Member[]): Promise<Member> {
  const { client } = await arrive(target);
  const member = { name: target.random.word(8), client };
  await client.send(`${member.name}\n`);
  await hear(member, hello(member.name));
  await allHear(room, joined(member.name));
  // Who hears what they say is in the room, whatever the server does first.
  await speak(target, [member, ...room]);
  return member;
}

/** Starts the server and has three people join. */
export async function openRoom(target: Target): Promise<Room> {
  await target.serve();
  const first = await join(target, []);
  const second = await join(target, [first]);
  const third = await join(target, [first, second]);
  return [first, second, third];
}

/** Waits for the next line, whatever it is. */
export async function nextLine(
  { client }: Member,
  wanted: string,
): Promise<string> {
  const begin = wanted.length > 40 ? `${wanted.slice(0, 40)}...` : wanted;
  return (await client.expectLine(/^.*$/s, `"${begin}"`, HELD_BACK))[0];
}

/** A failure: `line` came to a client where `wanted` was due. */
export function wrongLine(
  { client }: Member,
  wanted: string,
  line: string,
): CheckFailure {
  const [due, came] = [bytesOf(wanted), bytesOf(line)];
  const cause = causeIn(due, came);
  return new CheckFailure(`${client.name} got another line`, {
    shown: compare(due, came),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Waits for `wanted`, before which `aside` may come.
 *
 * @returns How often it has.
 */
export async function hearAmid(
  member: Member,
  wanted: string,
  aside: string | null,
): Promise<number> {
  for (let count = 0;; count++) {
    const line = await nextLine(member, wanted);
    if (line === wanted) return count;
    if (line !== aside) throw wrongLine(member, wanted, line);
  }
}
