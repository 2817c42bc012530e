/**
 * A room: what one client sends goes to all others, raw.
 *
 * Run: deno task concurrent-server --broadcast
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { concat } from "jsr:@std/bytes@^1/concat";

/** How many bytes may wait for one client. */
const MAX_WAITING = 1024 * 1024;

/** How many chunks may wait: a chunk of one byte takes more memory than that. */
const MAX_CHUNKS = 16_384;

/** One client in the room, and what waits to be sent to it. */
class Member {
  readonly conn: Deno.TcpConn;
  /** Why the room has closed the connection, if it has. */
  failure: unknown;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;
  /** The sending under way. Two at once would mix their bytes. */
  #sending: Promise<void> | null = null;

  constructor(conn: Deno.TcpConn) {
    this.conn = conn;
  }

  /** Puts `chunk` in the queue. It waits for nobody. */
  enqueue(chunk: Uint8Array<ArrayBuffer>): void {
    if (this.failure !== undefined) return;
    if (
      this.#waitingBytes + chunk.length > MAX_WAITING ||
      this.#waiting.length >= MAX_CHUNKS
    ) {
      return this.#fail(new Error("it does not read what it is sent"));
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#sending ??= this.#send();
  }

  /** Waits until the queue is empty, or the connection has failed. */
  async flush(): Promise<void> {
    await this.#sending;
  }

  /** Sends what is in the queue. Only this client's reading holds it up. */
  async #send(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const bytes = concat(this.#waiting);
        this.#waiting = [];
        let pending = bytes;
        while (pending.length > 0) {
          pending = pending.subarray(await this.conn.write(pending));
        }
        this.#waitingBytes -= bytes.length;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#sending = null;
  }

  /** Closes the connection, which ends the read and the write under way. */
  #fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.#waiting = [];
    this.conn.close();
  }
}

/** Everybody who is connected. */
export class Room {
  readonly #members = new Set<Member>();

  /** Passes on what `conn` sends to all others until it stops; then closes. */
  async serve(conn: Deno.TcpConn): Promise<void> {
    using _ = conn;
    const member = new Member(conn);
    this.#members.add(member);
    const buffer = new Uint8Array(1024);
    try {
      while (true) {
        const count = await conn.read(buffer);
        if (count === null) break;

        // A copy, because the next read fills the buffer again while this
        // chunk may still wait in the queue of somebody slow.
        const chunk = buffer.slice(0, count);
        for (const other of this.#members) {
          if (other !== member) other.enqueue(chunk);
        }
      }
      // Who stops sending leaves the room, with what was sent to it before.
      this.#members.delete(member);
      await member.flush();
    } catch (error) {
      member.failure ??= error;
    } finally {
      this.#members.delete(member);
    }
    if (member.failure !== undefined) throw member.failure;
  }
}

Deno.test("what one sends goes to all others, and not back", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const room = new Room();
  const clients: Deno.TcpConn[] = [];
  const tasks: Promise<void>[] = [];
  for (let count = 0; count < 3; count++) {
    clients.push(await Deno.connect({ port }));
    tasks.push(room.serve(await listener.accept()));
  }

  const buffer = new Uint8Array(16);
  const seen: string[] = [];
  for (const [index, client] of clients.entries()) {
    await client.write(new TextEncoder().encode(`I am ${index}`));
    for (const other of clients.filter((other) => other !== client)) {
      const count = await other.read(buffer) ?? 0;
      seen.push(new TextDecoder().decode(buffer.subarray(0, count)));
    }
  }
  assertEquals(seen, ["0", "0", "1", "1", "2", "2"].map((n) => `I am ${n}`));

  for (const client of clients) client.close();
  await Promise.all(tasks);
});
