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

/** The two ports of a connection. */
export interface Ports {
  /** That of the program's end. */
  program: number;
  /** That of the grader's end. */
  grader: number;
}

/**
 * What waits at the program's end of a connection.
 *
 * @param ports The two ports of the connection.
 * @returns `undefined` where nobody says: there is no such connection (any
 * more), or the program is on another machine, or the system is not Linux.
 */
export async function queuesOf(
  ports: Ports,
): Promise<Queues | undefined> {
  const row = await rowOf(ports.program, ports.grader);
  if (row === undefined) return undefined;
  return { unsent: parseInt(row.unsent, 16), unread: parseInt(row.unread, 16) };
}

/**
 * Whether a process still holds the grader's end of a connection. What a
 * process has closed may stay open for a moment: until the runtime comes to
 * it, and as long as another process that is just being started has a copy.
 *
 * @param ports The two ports of the connection.
 * @returns `false` also where nobody says.
 */
export async function isHeld(
  ports: Ports,
): Promise<boolean> {
  const row = await rowOf(ports.grader, ports.program);
  return row !== undefined && row.inode !== "0";
}

/** A row of the system's list of connections. */
interface Row {
  unsent: string;
  unread: string;
  inode: string;
}

/** The row of the end at port `own`; `undefined` if there is none, or no list. */
async function rowOf(own: number, other: number): Promise<Row | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  // See proc(5): the address of the row's own side, of the other one, its
  // state, the bytes to send and to read, timers, the user and the inode.
  const pattern = new RegExp(
    `: \\w+:${hex(own)} \\w+:${hex(other)} \\w+ (\\w+):(\\w+) ` +
      "\\w+:\\w+ \\w+ +\\d+ +\\d+ (\\d+) ",
  );
  for (const file of ["tcp", "tcp6"]) {
    const rows = await Deno.readTextFile(`/proc/net/${file}`);
    const [, unsent, unread, inode] = rows.match(pattern) ?? [];
    if (unsent !== undefined && unread !== undefined && inode !== undefined) {
      return { unsent, unread, inode };
    }
  }
  return undefined;
}

/** A port as it stands there. */
function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
