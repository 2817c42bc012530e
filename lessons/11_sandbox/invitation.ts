/**
 * The command with which other machines come in.
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import {
  type NetworkAddress,
  networkAddresses,
} from "../../lib/network_addresses.ts";

/** Addresses that mean every address of the machine. */
const UNSPECIFIED = ["0.0.0.0", "::"];

/**
 * What to tell the others, a line for each way to this machine. Nothing if
 * there is no way, because the server listens to this machine alone.
 *
 * @param bound Where the server listens.
 * @param framing The framing that a client has to use.
 * @param find Finds the addresses of this machine.
 */
export function invitation(
  bound: Deno.NetAddr,
  framing: string,
  find: () => NetworkAddress[] | null = permittedAddresses,
): string[] {
  const { hostname, port } = bound;
  if (/^127\.|^::1$/.test(hostname)) return [];
  const flags = (port === 5003 ? "" : ` --port ${port}`) +
    (framing === "lines" ? "" : ` --framing ${framing}`);
  const command = (host: string) =>
    `deno task sandbox-client --host ${host}${flags}`;

  if (!UNSPECIFIED.includes(hostname)) {
    return [`Others in this network: ${command(hostname)}`];
  }
  const addresses = find();
  if (addresses === null) {
    return [
      `Others in this network: ${command("ADDRESS")}`,
      `ADDRESS is that of this machine. ${whereAddressIs()} shows it`,
    ];
  }
  if (addresses.length === 0) return ["This machine is in no network"];
  return addresses.map(({ address, name }) =>
    `Others in this network (${name}): ${command(address)}`
  );
}

/** The addresses, or `null` if Deno may not tell them. It is not asked to. */
function permittedAddresses(): NetworkAddress[] | null {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "networkInterfaces",
  });
  return state === "granted" ? networkAddresses() : null;
}

/** The command of this system that shows its addresses. */
function whereAddressIs(): string {
  switch (Deno.build.os) {
    case "windows":
      return '"ipconfig"';
    case "linux":
      return '"ip -4 addr"';
    default:
      return '"ifconfig"';
  }
}

Deno.test("a server for this machine alone invites nobody else", () => {
  const bound = {
    transport: "tcp",
    hostname: "127.0.0.1",
    port: 5003,
  } as const;
  assertEquals(invitation(bound, "lines"), []);
});

Deno.test("the command has the flags that a client needs", () => {
  const bound = { transport: "tcp", hostname: "0.0.0.0", port: 5010 } as const;
  const addresses = [{ name: "wlan0", address: "192.168.1.20" }];
  assertEquals(invitation(bound, "frames", () => addresses), [
    "Others in this network (wlan0): deno task sandbox-client " +
    "--host 192.168.1.20 --port 5010 --framing frames",
  ]);
});
