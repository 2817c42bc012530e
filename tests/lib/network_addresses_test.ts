import { assertEquals } from "@std/assert";
import { networkInterfaces } from "node:os";
import { networkAddresses } from "../../lib/network_addresses.ts";

Deno.test("the addresses are those of IP version 4 that lead to other machines", () => {
  const expected = Object.entries(networkInterfaces()).flatMap(
    ([name, addresses = []]) =>
      addresses
        .filter(({ family, internal }) => family === "IPv4" && !internal)
        .map(({ address }) => ({ address, name })),
  );
  const byAddress = (a: { address: string }, b: { address: string }) =>
    a.address.localeCompare(b.address);
  assertEquals(
    networkAddresses().toSorted(byAddress),
    expected.toSorted(byAddress),
  );
});
