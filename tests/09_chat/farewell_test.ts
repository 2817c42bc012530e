/**
 * What somebody is owed who leaves the room, with a connection whose system
 * takes bytes when the test says so.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { attend } from "../../lessons/09_chat/chat_server.ts";
import { Room } from "../../lessons/09_chat/room.ts";
import { bytesOf, textOf } from "../conversation.ts";
import { within } from "../deadline.ts";

/** A connection that reads what the test sends, and writes when it is let. */
function fakeConnection() {
  const ending = Promise.withResolvers<null>();
  const room = Promise.withResolvers<void>();
  const reads = [bytesOf("Bob\n")];
  const calls: string[] = [];
  const conn = {
    remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 40_000 },
    async read(buffer: Uint8Array): Promise<number | null> {
      const bytes = reads.shift();
      if (bytes === undefined) return await ending.promise;
      buffer.set(bytes);
      return bytes.length;
    },
    async write(bytes: Uint8Array): Promise<number> {
      await room.promise;
      calls.push(textOf(bytes));
      return bytes.length;
    },
    closeWrite() {
      calls.push("closeWrite");
      return Promise.resolve();
    },
  };
  return {
    // Only this much of a connection is used.
    conn: conn as unknown as Deno.TcpConn,
    /** What was written, and then `closeWrite`. */
    calls,
    halfClose: () => ending.resolve(null),
    takeBytes: () => room.resolve(),
  };
}

Deno.test("who leaves is sent what was said before, however long it takes", async () => {
  const room = new Room();
  const { conn, calls, halfClose, takeBytes } = fakeConnection();
  const joined = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  let ended = false;
  const attended = attend(conn, room, {
    log(line) {
      if (line === "Bob joined from 127.0.0.1:40000") joined.resolve();
      if (line === "Bob left: it closed the connection") left.resolve();
    },
  }).then(() => ended = true);

  await within("Bob to join", joined.promise);
  room.tell("Ann: before\n", "Ann");
  halfClose();
  await within("Bob to leave", left.promise);
  room.tell("Ann: after\n", "Ann");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals({ ended, calls }, { ended: false, calls: [] });
  takeBytes();
  await within("the end", attended);
  assertEquals(calls, ["Ann: before\n", "closeWrite"]);
});
