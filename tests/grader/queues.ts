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
 * How many bytes a connection within this machine has on their way, in both
 * systems together: sent by one end, and not read by the other.
 *
 * @returns Says it for the connection whose ends have these ports, in the
 * direction from the first to the second; `undefined` where nobody knows.
 */
export async function bytesOnTheirWay(): Promise<
  (from: number | undefined, to: number | undefined) => number | undefined
> {
  const lists = Deno.build.os === "linux"
    ? await Promise.all(LISTS.map((list) => Deno.readTextFile(list)))
    : [];
  const all = lists.join("");
  return (from = 0, to = 0) => {
    const sender = rowIn(all, from, to);
    const receiver = rowIn(all, to, from);
    if (sender === undefined && receiver === undefined) return undefined;
    return parseInt(sender?.unsent ?? "0", 16) +
      parseInt(receiver?.unread ?? "0", 16);
  };
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

/** The system's lists of connections. */
const LISTS = ["/proc/net/tcp", "/proc/net/tcp6"];

/** A row of such a list. */
interface Row {
  unsent: string;
  unread: string;
  inode: string;
}

/** The row of the end at port `own`; `undefined` if there is none, or no list. */
async function rowOf(own: number, other: number): Promise<Row | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  for (const list of LISTS) {
    const row = rowIn(await Deno.readTextFile(list), own, other);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** The row of the end at port `own` in the text of a list. */
function rowIn(list: string, own: number, other: number): Row | undefined {
  // See proc(5): the address of the row's own side, of the other one, its
  // state, the bytes to send and to read, timers, the user and the inode.
  const pattern = new RegExp(
    `: \\w+:${hex(own)} \\w+:${hex(other)} \\w+ (\\w+):(\\w+) ` +
      "\\w+:\\w+ \\w+ +\\d+ +\\d+ (\\d+) ",
  );
  const [, unsent, unread, inode] = list.match(pattern) ?? [];
  return unsent !== undefined && unread !== undefined && inode !== undefined
    ? { unsent, unread, inode }
    : undefined;
}

/** A port as it stands there. */
function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
