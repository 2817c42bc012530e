/**
 * Which port a program listens on: as it says, and as the system says.
 *
 * @module
 */

/** Where a program says that it listens. */
export interface Address {
  /** An address, or a name. */
  hostname: string;
  /** From 1 to 65 535. */
  port: number;
}

/** `127.0.0.1:5000` */
export function formatted({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}

/**
 * Finds the address in a ready line, in the ways that programs write it:
 * `Listening on 127.0.0.1:5000`, `listening on ('127.0.0.1', 5000)`,
 * `Listening on port 5000`.
 *
 * @param line A line that a program has printed.
 * @returns The address; `undefined` if it is no ready line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addressIn } from "./ports.ts";
 *
 * const address = { hostname: "127.0.0.1", port: 5000 };
 * assertEquals(addressIn("[SERVER] Listening on 127.0.0.1:5000"), address);
 * assertEquals(addressIn("Server listening on ('127.0.0.1', 5000)"), address);
 * assertEquals(addressIn("Connected by 127.0.0.1:5000"), undefined);
 * ```
 */
export function addressIn(line: string): Address | undefined {
  const match = line.match(
    /listening\b.*?(\d+\.\d+\.\d+\.\d+|\[?[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*\]?|localhost)?(?::|['"]?,\s*|\bport\s+)(\d{1,5})\b/i,
  );
  if (match === null) return undefined;
  const [, host = "127.0.0.1", port] = match;
  const number = Number(port);
  if (number < 1 || number > 65_535) return undefined;
  const hostname = host === "0.0.0.0"
    ? "127.0.0.1"
    : host.replace(/[[\]]/g, "");
  return { hostname: hostname === "::" ? "127.0.0.1" : hostname, port: number };
}

/**
 * The addresses on which a process and its children really listen.
 *
 * @param group The number of the process that was started.
 * @returns What the system says, `null` where it does not say (not on Linux).
 */
export function listening(group: number): Address[] | null {
  if (Deno.build.os !== "linux") return null;
  const sockets = socketsOf(group);
  const found: Address[] = [];
  for (const file of ["tcp", "tcp6"]) {
    // See proc(5): address, state (0A is listening) and inode of each socket.
    for (const row of Deno.readTextFileSync(`/proc/net/${file}`).split("\n")) {
      const fields = row.trim().split(/\s+/);
      if (fields[3] !== "0A" || !sockets.has(fields[9] ?? "")) continue;
      const [address = "", port = ""] = (fields[1] ?? "").split(":");
      found.push({ hostname: readable(address), port: parseInt(port, 16) });
    }
  }
  return found;
}

/** The inodes of all sockets that the processes of the group have open. */
function socketsOf(group: number): Set<string> {
  const inodes = new Set<string>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(fields[2]) !== group) continue;
      for (const { name: file } of Deno.readDirSync(`/proc/${name}/fd`)) {
        const target = Deno.readLinkSync(`/proc/${name}/fd/${file}`);
        const inode = target.match(/^socket:\[(\d+)\]$/)?.[1];
        if (inode !== undefined) inodes.add(inode);
      }
    } catch {
      // It has ended, or a file was closed meanwhile.
    }
  }
  return inodes;
}

/** `0100007F` is 127.0.0.1, on a machine with the least significant byte first. */
function readable(address: string): string {
  if (address.length > 8) {
    return /^0+$/.test(address) ? "::" : "an IPv6 address";
  }
  const bytes = address.match(/../g) ?? [];
  return bytes.reverse().map((byte) => parseInt(byte, 16)).join(".");
}
