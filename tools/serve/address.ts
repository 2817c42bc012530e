/**
 * The addresses under which a classroom reaches the server.
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { networkAddresses } from "../../lib/network_addresses.ts";

/** Addresses that mean every address of the machine. */
const UNSPECIFIED = ["0.0.0.0", "::"];

/**
 * Where others reach a server that is bound to `bound`: the machine's own
 * addresses when it is bound to all of them; this machine alone (127.0.0.1)
 * when it has none.
 */
export function localAddresses(bound: Deno.NetAddr): Deno.NetAddr[] {
  if (!UNSPECIFIED.includes(bound.hostname)) return [bound];
  const addresses = networkAddresses()
    .map(({ address }) => ({ ...bound, hostname: address }));
  return addresses.length > 0
    ? addresses
    : [{ ...bound, hostname: "127.0.0.1" }];
}

/**
 * The address to put in the commands of a page: the one that the browser used,
 * which is sure to work for it; for the teacher's own browser on the machine of
 * the server, one that works for the others as well.
 */
export function addressOfPage(request: Request, bound: Deno.NetAddr): string {
  const { host, hostname } = new URL(request.url);
  const own = /^(localhost|127\..*|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname);
  const [first = bound] = localAddresses(bound);
  return own ? formatAddress(first) : host;
}
