/**
 * The programs of lesson 10, and sessions with their servers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { bytesOf, connect } from "../conversation.ts";
import { within } from "../deadline.ts";
import { close } from "../loopback.ts";
import type { Program } from "../program.ts";

export const WELCOME = "Welcome! Enter your name:";

const LESSON = "lessons/10_broadcast";
export const BROADCAST_SERVER = `${LESSON}/broadcast_server.ts`;
export const DIRECT_SERVER = `${LESSON}/direct_broadcast_server.ts`;

/** Both servers: they speak the same protocol. */
export const SERVERS = [
  ["broadcast server", BROADCAST_SERVER],
  ["direct broadcast server", DIRECT_SERVER],
] as const;

/** A client of a server, as raw as it gets. */
export interface Guest extends Disposable {
  conn: Deno.TcpConn;
  /** `IP:PORT` of this client, as the server sees it. */
  peer: string;
  send(text: string): Promise<void>;
  /** The next line from the server; `null` at the end. */
  line(): Promise<string | null>;
  /** The next lines, so many. */
  lines(count: number): Promise<(string | null)[]>;
  /** All lines until the server closes. */
  rest(): Promise<string[]>;
}

/** Connects, and gives no name. */
export async function come(server: Program): Promise<Guest> {
  const conn = await connect(server);
  const received = readLines(conn, { maxLength: 1_048_576 });
  const peer = formatAddress(conn.localAddr);
  const line = async () =>
    (await within(`a line for ${peer}`, received.next())).value ?? null;
  return {
    conn,
    peer,
    send: (text) => writeAll(conn, bytesOf(text)),
    line,
    lines: async (count) => {
      const lines: (string | null)[] = [];
      while (lines.length < count) lines.push(await line());
      return lines;
    },
    rest: async () => {
      const lines: string[] = [];
      for (let next; (next = await line()) !== null;) lines.push(next);
      return lines;
    },
    [Symbol.dispose]: () => close(conn),
  };
}

/** Connects, gives a name, and is greeted with it, or with another. */
export async function join(
  server: Program,
  name: string,
  greeted = name,
): Promise<Guest> {
  const guest = await come(server);
  await guest.send(`${name}\n`);
  const expected = [WELCOME, `Hello ${greeted}! You can chat now.`];
  for (const line of expected) {
    const came = await guest.line();
    if (came !== line) throw new Error(`"${came}" came, not "${line}"`);
  }
  return guest;
}

/** The server still serves, with nobody else in the room. */
export async function assertServes(server: Program): Promise<void> {
  const name = crypto.randomUUID().slice(0, 20);
  using guest = await join(server, name);
  await guest.send("still there?\n");
  while (await guest.line() !== `${name}: still there?`);
}

/** Something that fills the buffers of the system soon. */
export const TEXT = "x".repeat(60_000);

/**
 * Says `TEXT` until the room is stuck: what was said does not come back, though
 * the server welcomes others meanwhile. Returns the line that is to come.
 */
export async function talkUntilStuck(
  server: Program,
  guest: Guest,
  name: string,
): Promise<{ line: Promise<string | null> }> {
  while (true) {
    await guest.send(`${TEXT}\n`);
    let stuck = true;
    const line = guest.line().finally(() => stuck = false);
    for (let patience = 0; stuck && patience < 20; patience++) {
      using other = await come(server);
      assertEquals(await other.line(), WELCOME);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (stuck) return { line };
    assertEquals(await line, `${name}: ${TEXT}`);
  }
}

/** Reads what `sleeper` was sent until `promise` has come true. */
export async function wakeUntil<T>(
  sleeper: Guest,
  promise: Promise<T>,
): Promise<T> {
  let over = false;
  const done = promise.finally(() => over = true);
  const buffer = new Uint8Array(65_536);
  while (!over) {
    // It may have read all, and then the promise will come true soon.
    const read = within("the sleeper to read", sleeper.conn.read(buffer));
    await Promise.race([read, done]);
    // Let everything else happen.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return await done;
}
