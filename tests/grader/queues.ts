/**
 * What lies between a program and the grader, as the program's system says.
 *
 * @module
 */

/** Bytes of a connection that wait at the program's end, in both directions. */
export interface Queues {
  /** Written by the program, and not sent yet, or not confirmed. */
  unsent: number;
  /** Come for the program, and not read by it. */
  unread: number;
}

/**
 * What waits at the program's end of a connection.
 *
 * @param ports The two ports of the connection.
 * @returns `undefined` where nobody says: there is no such connection (any
 * more), or the program is on another machine, or the system is not Linux.
 */
export async function queuesOf(
  ports: { program: number; grader: number },
): Promise<Queues | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  // See proc(5): the address of the row's own side, of the other one, its
  // state, the bytes to send and the bytes to read.
  const row = new RegExp(
    `: \\w+:${hex(ports.program)} \\w+:${hex(ports.grader)} ` +
      "\\w+ (\\w+):(\\w+) ",
  );
  for (const file of ["tcp", "tcp6"]) {
    const rows = await Deno.readTextFile(`/proc/net/${file}`);
    const [, unsent, unread] = rows.match(row) ?? [];
    if (unsent !== undefined && unread !== undefined) {
      return { unsent: parseInt(unsent, 16), unread: parseInt(unread, 16) };
    }
  }
  return undefined;
}

/** A port as it stands there. */
function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
