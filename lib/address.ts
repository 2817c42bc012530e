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
