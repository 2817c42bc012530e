/**
 * What one message costs a loop that waits for many connections: with a ready
 * list, and with `Promise.race` over all of them.
 *
 * Run: deno task timestamp-server --measure
 *
 * @module
 */
import { ReadyList } from "./ready_list.ts";

/** A loop that waits for many connections: handles so many messages. */
type Loop = (messages: number) => Promise<void>;

/** Each read that ends puts itself on the list. A turn costs what is on it. */
export function loopWithReadyList(conns: Deno.Conn[]): Loop {
  const ready = new ReadyList<Deno.Conn>();
  const buffer = new Uint8Array(1);
  function startRead(conn: Deno.Conn): void {
    conn.read(buffer).then(() => ready.push(conn), () => {});
  }
  conns.forEach(startRead);
  return async (messages) => {
    for (let handled = 0; handled < messages;) {
      for (const conn of await ready.take()) {
        startRead(conn);
        handled++;
      }
    }
  };
}

/** Each turn asks all pending reads which of them has ended. */
export function loopWithRace(conns: Deno.Conn[]): Loop {
  const buffer = new Uint8Array(1);
  const startRead = (conn: Deno.Conn, index: number) =>
    conn.read(buffer).then(() => ({ conn, index }));
  const reads = conns.map(startRead);
  for (const read of reads) read.catch(() => {});
  return async (messages) => {
    for (let handled = 0; handled < messages; handled++) {
      const { conn, index } = await Promise.race(reads);
      const read = startRead(conn, index);
      read.catch(() => {});
      reads[index] = read;
    }
  };
}

/**
 * Opens `size` connections from this process to itself, has `active` of them
 * send a byte each, again and again, and returns how many microseconds a
 * message took: to write it, and for the loop to read it.
 */
export async function measureLoop(
  makeLoop: (conns: Deno.Conn[]) => Loop,
  size: number,
  active: number,
): Promise<number> {
  using stack = new DisposableStack();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const writers: Deno.Conn[] = [];
  const readers: Deno.Conn[] = [];
  for (let i = 0; i < size; i++) {
    writers.push(stack.use(await Deno.connect({ port: listener.addr.port })));
    readers.push(stack.use(await listener.accept()));
  }

  const loop = makeLoop(readers);
  // The last ones, as Promise.race gives the first one that is ready.
  const talkers = writers.slice(-active);
  const byte = new Uint8Array(1);
  let messages = 0;
  // A fifth of a second, and not so many turns that the memory gets full.
  const start = performance.now();
  while (performance.now() - start < 200 && messages * size < 1_000_000) {
    await Promise.all(talkers.map((conn) => conn.write(byte)));
    await loop(active);
    messages += active;
  }
  return (performance.now() - start) * 1000 / messages;
}

/** Prints a table, in a few seconds. */
export async function measure(sizes = [10, 100, 1000]): Promise<void> {
  const cases = [loopWithReadyList, loopWithRace].flatMap((makeLoop) =>
    [Infinity, 1].map((active) => (size: number) =>
      measureLoop(makeLoop, size, Math.min(size, active))
    )
  );
  // The first run of anything is slower: its code is being compiled.
  for (const run of cases) await run(10);

  console.log("Microseconds for one message:\n");
  console.log("                   ready list           Promise.race");
  console.log("connections  all ready  one ready  all ready  one ready");
  for (const size of sizes) {
    let row = String(size).padStart(11);
    try {
      for (const run of cases) row += (await run(size)).toFixed(1).padStart(11);
    } catch (error) {
      if (!isOutOfSockets(error)) throw error;
      row += "  the system allows fewer open sockets";
    }
    console.log(row);
  }
}

function isOutOfSockets(error: unknown): boolean {
  // Deno has no class of its own for it. On Windows there is no such limit.
  return error instanceof Error && /too many open files/i.test(error.message);
}
