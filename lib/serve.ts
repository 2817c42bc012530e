/**
 * The accept loop: a task for each connection, a limit on how many there are,
 * and an end that lets replies under way go out first.
 *
 * @module
 */
import { formatAddress } from "./address.ts";
import { isDisconnect } from "./failures.ts";

/** Options of {@linkcode serve}. */
export interface ServeOptions {
  /** Ends the server when it is aborted. */
  signal?: AbortSignal;
  /**
   * How many connections may be open at a time. The next client waits in the
   * queue of the operating system until one of them ends.
   *
   * @default {10_000}
   */
  maxConnections?: number;
  /**
   * How long, in milliseconds, a connection may go on after `signal` before it
   * is closed.
   *
   * @default {1000}
   */
  grace?: number;
  /**
   * Is told what `handle` threw. Unless given, a line is printed to standard
   * error, and nothing for a peer that reset the connection.
   */
  onError?: (error: unknown, conn: Deno.TcpConn) => void;
}

/**
 * Accepts connections and hands each to `handle`, in a task of its own, until
 * `options.signal` is aborted or the listener is closed.
 *
 * The connection is closed when `handle` has ended, however it ended, so await
 * every write in it. What it throws reaches `onError` and no other connection.
 *
 * Then every read of a connection, the pending one included, tells the end of
 * the stream: a handler in the middle of a reply finishes it, one that waits
 * for its client ends at once. What is still open after `grace` is closed.
 *
 * @param listener Where the clients connect. It is closed in the end.
 * @param handle Serves one client through `read` and `write` (not through
 * `conn.readable`, which knows nothing of the signal).
 * @param options The signal and the limits.
 * @returns When every connection has ended.
 * @throws {RangeError} If `maxConnections` is less than 1.
 *
 * @example A greeting for everybody
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readLines } from "./lines.ts";
 * import { serve } from "./serve.ts";
 * import { writeAll } from "./bytes.ts";
 *
 * const stop = new AbortController();
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const served = serve(
 *   listener,
 *   (conn) => writeAll(conn, new TextEncoder().encode("Hello\n")),
 *   { signal: stop.signal },
 * );
 *
 * using client = await Deno.connect({ port: listener.addr.port });
 * assertEquals(await Array.fromAsync(readLines(client)), ["Hello"]);
 * stop.abort();
 * await served;
 * ```
 */
export async function serve(
  listener: Deno.TcpListener,
  handle: (conn: Deno.TcpConn) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const { signal, maxConnections = 10_000, grace = 1000, onError = logError } =
    options;
  if (!(maxConnections >= 1)) {
    throw new RangeError(
      `maxConnections must be at least 1, not ${maxConnections}`,
    );
  }
  const open = new Map<Deno.TcpConn, Promise<void>>();
  const reads = new Reads();
  let wake = () => {};

  async function run(conn: Deno.TcpConn): Promise<void> {
    try {
      await handle(conn);
    } catch (error) {
      // One that the deadline below has closed had to fail.
      if (open.has(conn)) onError(error, conn);
    } finally {
      open.delete(conn);
      close(conn);
      wake();
    }
  }

  function stop(): void {
    reads.end();
    close(listener);
    wake();
  }

  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  while (!reads.ended) {
    if (open.size >= maxConnections) {
      await new Promise<void>((resolve) => wake = resolve);
      continue;
    }
    try {
      const conn = await listener.accept();
      reads.watch(conn);
      // In the map before it starts, because it may end at once.
      const { promise, resolve } = Promise.withResolvers<void>();
      open.set(conn, promise);
      run(conn).then(resolve);
    } catch (error) {
      if (error instanceof Deno.errors.BadResource) {
        stop(); // The listener has been closed.
      } else if (!isDisconnect(error)) {
        // No file is left for another connection. Wait, so as not to spin.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  const deadline = setTimeout(() => {
    for (const conn of open.keys()) {
      open.delete(conn);
      close(conn);
    }
  }, grace);
  await Promise.all(open.values());
  clearTimeout(deadline);
  signal?.removeEventListener("abort", stop);
}

/** The reads under way, so that all of them can be ended at once. */
class Reads {
  readonly #pending = new Set<() => void>();
  ended = false;

  /** Has the reads of `conn` tell the end of the stream once `end` is called. */
  watch(conn: Deno.TcpConn): void {
    const read = conn.read.bind(conn);
    conn.read = (buffer) => {
      if (this.ended) return Promise.resolve(null);
      return new Promise((resolve, reject) => {
        const end = () => resolve(null);
        this.#pending.add(end);
        read(buffer).then((count) => {
          this.#pending.delete(end);
          resolve(count);
        }, (error) => {
          this.#pending.delete(end);
          reject(error);
        });
      });
    };
  }

  end(): void {
    this.ended = true;
    for (const end of this.#pending) end();
    this.#pending.clear();
  }
}

/** Closes what may have been closed before, which would throw. */
function close(resource: { close(): void }): void {
  try {
    resource.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function logError(error: unknown, conn: Deno.TcpConn): void {
  if (isDisconnect(error)) return;
  const peer = formatAddress(conn.remoteAddr);
  console.error(`Connection from ${peer} failed:`, error);
}
