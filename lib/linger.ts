/**
 * Ending a connection without losing the last word.
 *
 * @module
 */

/** Options of {@linkcode linger}. */
export interface LingerOptions {
  /**
   * How many bytes to read at most.
   *
   * @default {1_048_576}
   */
  maxLength?: number;
  /**
   * How long to read at most, in milliseconds.
   *
   * @default {1000}
   */
  timeout?: number;
}

/**
 * Says that no more will be written, and reads and drops what the peer is still
 * sending, until it stops or a limit is reached. Close the connection then.
 *
 * Without it the last words may be lost: where a connection is closed while
 * bytes wait to be read, the system sends a reset
 * ({@link https://www.rfc-editor.org/rfc/rfc2525#section-2.17 | RFC 2525}), and
 * the peer's system may then drop what its program has not read yet.
 *
 * @param conn The connection, with everything written to it. It is left open,
 * perhaps with a read pending.
 * @param options How much to read, and how long.
 *
 * @example An error for a peer that goes on sending
 * ```ts
 * import { writeAll } from "./bytes.ts";
 * import { linger } from "./linger.ts";
 *
 * async function refuse(conn: Deno.TcpConn): Promise<void> {
 *   await writeAll(conn, new TextEncoder().encode("ERROR: Line too long\n"));
 *   await linger(conn);
 *   conn.close();
 * }
 * ```
 */
export async function linger(
  conn: Deno.TcpConn,
  options: LingerOptions = {},
): Promise<void> {
  const { maxLength = 1_048_576, timeout = 1000 } = options;
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), timeout);
  const buffer = new Uint8Array(16_384);
  // A peer that is gone needs no last word, and ends the reading.
  await conn.closeWrite().catch(() => {});
  for (let dropped = 0; dropped < maxLength;) {
    const read = conn.read(buffer).catch(() => null);
    const count = await Promise.race([read, late]);
    if (count === null) break;
    dropped += count;
  }
  clearTimeout(timer);
}
