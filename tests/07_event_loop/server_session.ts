/**
 * What a client of the server of lesson 07 sends, and what it gets.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { bytesOf, connect } from "../conversation.ts";
import { within } from "../deadline.ts";
import type { Program } from "../program.ts";

export const SERVER = "lessons/07_event_loop/timestamp_server.ts";

/** Sends `data` and reads the reply: its time, and the bytes behind it. */
export async function exchange(conn: Deno.Conn, data: Uint8Array) {
  await writeAll(conn, data);
  let time = "";
  while (!time.endsWith(":")) {
    const byte = await within("the server's time", readExactly(conn, 1));
    time += String.fromCharCode(...byte);
  }
  const echo = await within("the echo", readExactly(conn, data.length));
  return { time: time.slice(0, -1), echo };
}

/** That the server serves a client that comes now. */
export async function assertServes(server: Program): Promise<void> {
  using client = await within("a connection", connect(server));
  const { time, echo } = await exchange(client, bytesOf("next"));
  assertMatch(time, /^\d+\.\d{6}$/);
  assertEquals(echo, bytesOf("next"));
}
