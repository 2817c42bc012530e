/**
 * Where other machines reach this one.
 *
 * @module
 */

/** An address of this machine, and the network interface that has it. */
export interface NetworkAddress {
  /** The address: `192.168.1.20`. */
  address: string;
  /** The interface, as the system names it: `wlan0`, `Wi-Fi`. */
  name: string;
}

/**
 * The addresses of IP version 4 that this machine has in its networks. Those
 * that lead nowhere else (127.0.0.1) are left out.
 *
 * It needs the permission `--allow-sys=networkInterfaces`.
 *
 * @returns The addresses in the order of the system; none without a network.
 * @throws {Deno.errors.NotCapable} If Deno was not given that permission.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { networkAddresses } from "./network_addresses.ts";
 *
 * const addresses = networkAddresses().map(({ address }) => address);
 * assertEquals(addresses.includes("127.0.0.1"), false);
 * ```
 */
export function networkAddresses(): NetworkAddress[] {
  return Deno.networkInterfaces()
    .filter(({ family, address }) =>
      family === "IPv4" && !address.startsWith("127.")
    )
    .map(({ address, name }) => ({ address, name }));
}
