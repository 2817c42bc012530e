/**
 * People in a room, as the checks play them.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Peer } from "../grader/peer.ts";
import type { Target } from "../grader/target.ts";

/** Somebody in the room. */
export interface Member {
  /** What the room calls them. */
  name: string;
  client: Peer;
}

/** A room of two or more. */
export type Room = [Member, Member, ...Member[]];

/** What the sender of a name gets that nobody can have. */
export const REFUSAL = "SERVER: cannot use that name";

/** What the others get about somebody new. */
export function joined(name: string): string {
  return `SERVER: ${name} has joined the chat.`;
}

/** What the others get about somebody who is gone. */
export function left(name: string): string {
  return `SERVER: ${name} has left the chat.`;
}

/** What everybody gets about another name. */
export function renamed(old: string, name: string): string {
  return `SERVER: ${old} is now ${name}`;
}

/** Sends `line`, in one piece. */
export async function say({ client }: Member, line: string): Promise<void> {
  await client.send(`${line}\n`);
}

/** Waits for exactly these lines, one after the other. */
export async function hear(
  { client }: Member,
  ...lines: string[]
): Promise<void> {
  for (const line of lines) await client.expect(`${line}\n`);
}

/** Waits until everybody in `room` has got exactly these lines. */
export async function allHear(
  room: Member[],
  ...lines: string[]
): Promise<void> {
  for (const member of room) await hear(member, ...lines);
}

/** Starts the server and has `count` people join, two or more. */
export async function openRoom(
  target: Target,
  count: number,
): Promise<Room> {
  await target.serve();
  const first = await enter(target);
  const second = await enter(target);
  await meet(target, first, second);
  const room: Room = [first, second];
  while (room.length < count) room.push(await join(target, room));
  return room;
}

/**
 * Has somebody join a room in which there is somebody already.
 *
 * @param name The first line they send.
 * @param called The name they get.
 */
export async function join(
  target: Target,
  room: Member[],
  name = target.random.word(8),
  called = name,
): Promise<Member> {
  const member = await enter(target, name);
  await allHear(room, joined(called));
  return { ...member, name: called };
}

async function enter(
  target: Target,
  name = target.random.word(8),
): Promise<Member> {
  const client = await target.connect();
  await client.send(`${name}\n`);
  return { name, client };
}

/**
 * Waits until both are in the room. The first one cannot know when it is. And
 * the server may take two connections in either order, but the one it has taken
 * first hears of the other.
 */
async function meet(
  { patience }: Target,
  first: Member,
  second: Member,
): Promise<void> {
  const heard = ({ client }: Member) => client.unexpected.length > 0;
  let late = false;
  const either = async () => {
    while (!late && !heard(first) && !heard(second)) await delay(1);
  };
  await patience.wait(either());
  late = true;
  if (heard(second)) await hear(second, joined(first.name));
  else await hear(first, joined(second.name));
}
