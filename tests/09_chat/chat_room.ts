/**
 * The chat server of lesson 09, and clients of it that are as raw as it gets.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";
import { within } from "../deadline.ts";
import { close } from "../loopback.ts";
import { type Program, startScript } from "../program.ts";

export function startServer(...flags: string[]): Program {
  const script = "lessons/09_chat/chat_server.ts";
  return startScript(script, ["--port", "0", ...flags]);
}

/** One client. */
export interface Client extends Disposable {
  conn: Deno.TcpConn;
  /** `IP:PORT` of this client, as the server sees it. */
  peer: string;
  send(bytes: string | Uint8Array): Promise<void>;
  /** The next line from the server, `null` at the end. */
  line(): Promise<string | null>;
  /** All lines until the server closes. */
  rest(): Promise<string[]>;
}

/** Connects, and says nothing. */
export async function connect(server: Program): Promise<Client> {
  const conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  // A name and a message of the longest kind make a longer line.
  const lines = readLines(conn, { maxLength: 1024 * 1024 });
  const line = async () =>
    (await within("a line from the server", lines.next())).value ?? null;
  return {
    conn,
    peer: `127.0.0.1:${(conn.localAddr as Deno.NetAddr).port}`,
    send: (bytes) =>
      writeAll(
        conn,
        typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
      ),
    line,
    rest: async () => {
      const all: string[] = [];
      for (let next; (next = await line()) !== null;) all.push(next);
      return all;
    },
    [Symbol.dispose]: () => close(conn),
  };
}

/** Connects, and is in the room: the server has said so in its log. */
export async function join(
  server: Program,
  firstLines: string,
): Promise<Client> {
  const client = await connect(server);
  await client.send(`${firstLines}\n`);
  await server.stdout.match(new RegExp(`joined from ${client.peer}\n`));
  return client;
}

/** Several people, who have all heard of those who came after them. */
export async function gather(
  server: Program,
  names: string[],
): Promise<Client[]> {
  const clients: Client[] = [];
  for (const name of names) {
    const client = await join(server, name);
    for (const other of clients) await hears(other, joined(name));
    clients.push(client);
  }
  return clients;
}

/** The next lines that `client` gets are these. */
export async function hears(
  client: Client | undefined,
  ...lines: (string | null)[]
): Promise<void> {
  for (const line of lines) assertEquals(await client?.line(), line);
}

/** What others are told when somebody comes. */
export function joined(name: string): string {
  return `SERVER: ${name} has joined the chat.`;
}

/** What the rest are told when somebody goes. */
export function left(name: string): string {
  return `SERVER: ${name} has left the chat.`;
}
