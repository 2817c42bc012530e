/**
 * Addresses as people write them.
 *
 * @module
 */

/**
 * Writes an address as `HOST:PORT`; a host of IP version 6 in brackets
 * ({@link https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2 | RFC 3986}).
 *
 * @param address An address, such as `listener.addr` or `conn.remoteAddr`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatAddress } from "./address.ts";
 *
 * assertEquals(
 *   formatAddress({ hostname: "127.0.0.1", port: 65432 }),
 *   "127.0.0.1:65432",
 * );
 * assertEquals(formatAddress({ hostname: "::1", port: 80 }), "[::1]:80");
 * ```
 */
export function formatAddress(
  address: { hostname: string; port: number },
): string {
  const { hostname, port } = address;
  return hostname.includes(":")
    ? `[${hostname}]:${port}`
    : `${hostname}:${port}`;
}

/**
 * Reads an address as a person writes it.
 *
 * @param text `127.0.0.1:5000`, `localhost:5000`, `[::1]:5000`.
 * @returns The address; `undefined` if it is none. A port is from 1 to 65535.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAddress } from "./address.ts";
 *
 * assertEquals(parseAddress("[::1]:5000"), { hostname: "::1", port: 5000 });
 * assertEquals(parseAddress("somewhere"), undefined);
 * ```
 */
export function parseAddress(
  text: string,
): { hostname: string; port: number } | undefined {
  const [, bracketed, name, digits] =
    text.match(/^(?:\[([^\s\]]+)\]|([^\s/:]+)):(\d{1,5})$/) ?? [];
  const hostname = bracketed ?? name;
  const port = Number(digits);
  return hostname !== undefined && port >= 1 && port <= 65_535
    ? { hostname, port }
    : undefined;
}
