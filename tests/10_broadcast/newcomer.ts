/**
 * A newcomer to two servers of the broadcast protocol, again and again: joins,
 * waits for the hello, leaves. When its input ends it prints how often, and how
 * long the slowest time took from the connection to the hello at each. The
 * second server has nothing else to do: it tells how slow the machine is.
 *
 * Run: deno run -N tests/10_broadcast/newcomer.ts PORT IDLE_PORT
 *
 * @module
 */
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";

/** What it prints, as JSON. */
export interface Newcomers {
  count: number;
  slowestMs: number;
  /** The same at the server that has nothing else to do. */
  slowestIdleMs: number;
}

/** Returns how long it took, in milliseconds. */
async function come(port: number, name: string): Promise<number> {
  const start = performance.now();
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await writeAll(conn, new TextEncoder().encode(`${name}\n`));
  for await (const line of readLines(conn)) {
    if (line === `Hello ${name}! You can chat now.`) {
      return performance.now() - start;
    }
  }
  throw new Error("The server has not said hello");
}

if (import.meta.main) {
  const [port = 0, idlePort = 0] = Deno.args.map(Number);
  let ended = false;
  Deno.stdin.read(new Uint8Array(1)).then(() => ended = true);
  const newcomers: Newcomers = { count: 0, slowestMs: 0, slowestIdleMs: 0 };
  while (!ended) {
    const name = `newcomer${newcomers.count++}`;
    const [took, idle] = await Promise.all([
      come(port, name),
      come(idlePort, name),
    ]);
    newcomers.slowestMs = Math.max(newcomers.slowestMs, took);
    newcomers.slowestIdleMs = Math.max(newcomers.slowestIdleMs, idle);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(JSON.stringify(newcomers));
}
