/**
 * How an echo server looks that serves one client after the other.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { connect } from "../conversation.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import type { Program } from "../program.ts";

/** That the second of two clients waits until the first has gone. */
export async function assertServesInTurn(server: Program): Promise<void> {
  using first = await connect(server);
  using second = await connect(server);
  await writeAll(second, new Uint8Array([2]));
  await writeAll(first, new Uint8Array([1]));
  const reply = await within("the first echo", readExactly(first, 1));
  assertEquals(reply, new Uint8Array([1]));
  await first.closeWrite();
  assertEquals(await within("the end", readAll(first)), new Uint8Array());
  await second.closeWrite();
  assertEquals(await within("the echo", readAll(second)), new Uint8Array([2]));

  const log = [first, second].map((conn) => formatAddress(conn.localAddr))
    .map((name) => `Connected by ${name}\n${name} disconnected\n`).join("");
  await server.stdout.match(new RegExp(`${log}$`));
}
