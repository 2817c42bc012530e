/**
 * The server of lesson 11, and clients of it in either framing.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { writeAll } from "../../lib/bytes.ts";
import {
  type FramingName,
  FRAMINGS,
} from "../../lessons/11_sandbox/framing.ts";
import { within } from "../deadline.ts";
import { close } from "../loopback.ts";
import { type Program, startScript } from "../program.ts";

export const SERVER = "lessons/11_sandbox/sandbox_server.ts";

/** Both framings, for tests that hold for each. */
export const BOTH: FramingName[] = ["lines", "frames"];

export function startServer(...flags: string[]): Program {
  return startScript(SERVER, ["--port", "0", ...flags]);
}

/** A client of the server, as raw as it gets. */
export interface Session extends Disposable {
  conn: Deno.TcpConn;
  /** `IP:PORT` of this client, as the server sees it. */
  peer: string;
  send(bytes: Uint8Array | string): Promise<void>;
  /** Sends messages, in one write. */
  say(...texts: string[]): Promise<void>;
  /** The next message from the server; `null` at the end. */
  hear(): Promise<string | null>;
  /** All messages until the server closes. */
  rest(): Promise<string[]>;
}

export async function connect(
  server: Program,
  framing: FramingName = "lines",
): Promise<Session> {
  const conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  const { encode, read } = FRAMINGS[framing];
  const messages = read(conn, 1024 * 1024)[Symbol.asyncIterator]();
  const send = (bytes: Uint8Array | string) =>
    writeAll(
      conn,
      typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
    );
  async function hear(): Promise<string | null> {
    const { done, value } = await within(
      "a message from the server",
      messages.next(),
    );
    return done ? null : value;
  }
  return {
    conn,
    peer: `127.0.0.1:${(conn.localAddr as Deno.NetAddr).port}`,
    send,
    say: (...texts) =>
      send(concat(texts.map(encode) as Uint8Array<ArrayBuffer>[])),
    hear,
    async rest() {
      const all: string[] = [];
      for (let text; (text = await hear()) !== null;) all.push(text);
      return all;
    },
    [Symbol.dispose]: () => close(conn),
  };
}

/** A client that has joined and been greeted. */
export async function join(
  server: Program,
  name: string,
  framing: FramingName = "lines",
): Promise<Session> {
  const session = await connect(server, framing);
  await session.say(name);
  const greeting = await session.hear();
  if (!greeting?.startsWith("SERVER: Hello ")) {
    throw new Error(`${name} was greeted with ${greeting}`);
  }
  return session;
}

/** The server still serves: two new clients talk to each other. */
export async function assertServes(
  server: Program,
  framing: FramingName = "lines",
): Promise<void> {
  const word = crypto.randomUUID();
  using reader = await join(server, `reader of ${word}`, framing);
  using writer = await join(server, "writer", framing);
  await writer.say(word);
  for (let heard; !(heard = await reader.hear())?.endsWith(`: ${word}`);) {
    if (heard === null) throw new Error("The server has closed the connection");
  }
}
