/**
 * Load for a server that echoes: on each connection a message of 64 bytes goes
 * out, and the next one when it has come back.
 *
 * Run: deno run -N tests/06_concurrent/load_generator.ts PORT CONNECTIONS MILLISECONDS
 *
 * @module
 */
import process from "node:process";
import { writeAll } from "../../lib/bytes.ts";

/** What the generator prints when it has ended, as JSON. */
export interface Load {
  /** How many messages came back. */
  messages: number;
  seconds: number;
  /** How much of one core the generator used: near 1, it was the limit. */
  cpu: number;
}

const MESSAGE = new Uint8Array(64).fill(120);

async function pingPong(
  conn: Deno.TcpConn,
  deadline: number,
): Promise<number> {
  using _ = conn;
  conn.setNoDelay();
  const buffer = new Uint8Array(MESSAGE.length);
  let messages = 0;
  while (performance.now() < deadline) {
    await writeAll(conn, MESSAGE);
    for (let received = 0; received < MESSAGE.length;) {
      const count = await conn.read(buffer.subarray(received));
      if (count === null) throw new Error("The server has closed a connection");
      received += count;
    }
    messages++;
  }
  return messages;
}

if (import.meta.main) {
  const [port = 0, count = 50, milliseconds = 1000] = Deno.args.map(Number);
  const conns: Deno.TcpConn[] = [];
  for (let index = 0; index < count; index++) {
    conns.push(await Deno.connect({ hostname: "127.0.0.1", port }));
  }
  const start = performance.now();
  const before = process.cpuUsage();
  const counts = await Promise.all(
    conns.map((conn) => pingPong(conn, start + milliseconds)),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const load: Load = {
    messages: counts.reduce((sum, messages) => sum + messages, 0),
    seconds,
    cpu: (user + system) / 1e6 / seconds,
  };
  console.log(JSON.stringify(load));
}
