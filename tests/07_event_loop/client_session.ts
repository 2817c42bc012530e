/**
 * The client of lesson 07 in a process of its own, and the test as its server.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { readExactly } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { type Program, startScript } from "../program.ts";

const CLIENT = "lessons/07_event_loop/timestamp_client.ts";
export const INTRODUCTION =
  "Type messages and press Enter\nTo quit: Ctrl+C or Ctrl+D\n> ";

/** `1700000000.123456:`, which a client puts in front of a message. */
const TIME_LENGTH = 18;

export function start(args: string[]): Program {
  return startScript(CLIENT, args);
}

/** Starts the client and accepts it. */
export async function startClient(args: string[] = []) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = start(["--port", String(listener.addr.port), ...args]);
  const conn = await within("the client", listener.accept());
  conn.setNoDelay();
  return {
    client,
    conn,
    /** Types a line, and reads what the client sends for it. */
    async receive(line: string): Promise<string> {
      await client.type(`${line}\n`);
      const length = TIME_LENGTH + bytesOf(line).length;
      return textOf(await within("the message", readExactly(conn, length)));
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      conn.close();
      await client[Symbol.asyncDispose]();
    },
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** That nothing but the goodbye comes, and then the end. */
export async function assertGoodbye(conn: Deno.Conn): Promise<void> {
  const rest = await within("the goodbye", readAll(conn));
  assertEquals(rest, new Uint8Array([0xff]));
}
