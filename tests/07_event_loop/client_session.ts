/**
 * The client of lesson 07 in a process of its own, and the test as its server.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { readExactly } from "../../lib/bytes.ts";
import { acceptClient, bytesOf, startClient, textOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";

export const CLIENT = "lessons/07_event_loop/timestamp_client.ts";
export const INTRODUCTION =
  "Type messages and press Enter\nTo quit: Ctrl+C or Ctrl+D\n> ";

/** `1700000000.123456:`, which a client puts in front of a message. */
const TIME_LENGTH = 18;

/** Starts the client and accepts it. */
export async function startSession(...flags: string[]) {
  const start = (port: number) => startClient(CLIENT, port, ...flags);
  const session = await acceptClient(start);
  return {
    ...session,
    /** Types a line, and reads what the client sends for it. */
    async receive(line: string): Promise<string> {
      await session.client.type(`${line}\n`);
      const length = TIME_LENGTH + bytesOf(line).length;
      const message = readExactly(session.conn, length);
      return textOf(await within("the message", message));
    },
  };
}

/** That nothing but the goodbye comes, and then the end. */
export async function assertGoodbye(conn: Deno.Conn): Promise<void> {
  const rest = await within("the goodbye", readAll(conn));
  assertEquals(rest, new Uint8Array([0xff]));
}
