/**
 * The programs of lesson 08, and sessions with their server.
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { bytesOf, connect as connectTo } from "../conversation.ts";
import { within } from "../deadline.ts";
import { close } from "../loopback.ts";
import type { Program } from "../program.ts";

export const SERVER = "lessons/08_helpdesk/helpdesk_server.ts";
export const CLIENT = "lessons/08_helpdesk/helpdesk_client.ts";

/** A client of the server, as raw as it gets. */
export interface Session extends Disposable {
  conn: Deno.TcpConn;
  /** `IP:PORT` of this client, as the server sees it. */
  peer: string;
  send(bytes: string | number[]): Promise<void>;
  /** The next line from the server, its time replaced; `null` at the end. */
  line(): Promise<string | null>;
  /** All lines until the server closes. */
  rest(): Promise<string[]>;
}

export async function connect(server: Program): Promise<Session> {
  const conn = await connectTo(server);
  const lines = readLines(conn);
  const next = async () =>
    (await within("a line from the server", lines.next())).value ?? null;
  return {
    conn,
    peer: formatAddress(conn.localAddr),
    send: (bytes) =>
      writeAll(
        conn,
        typeof bytes === "string" ? bytesOf(bytes) : new Uint8Array(bytes),
      ),
    line: async () => {
      const line = await next();
      return line === null ? null : timeless(line);
    },
    rest: async () => {
      const all: string[] = [];
      for (let line; (line = await next()) !== null;) all.push(timeless(line));
      return all;
    },
    [Symbol.dispose]: () => close(conn),
  };
}

/** The acknowledgement of `text`, without its time. */
export function ack(text: string): string {
  return `[ACK @HH:MM:SS] ${text}`;
}

/** Replaces the times in what the programs say, if they look like times. */
export function timeless(text: string): string {
  return text.replaceAll(/@[0-2]\d:[0-5]\d:[0-6]\d(?=[ \]])/g, "@HH:MM:SS");
}

/** The server still serves: a new client gets its acknowledgement. */
export async function assertServes(server: Program): Promise<void> {
  using session = await connect(server);
  const word = crypto.randomUUID();
  await session.send(`${word}\n`);
  const line = await session.line();
  if (line !== ack(word)) throw new Error(`The server answers ${line}`);
}
