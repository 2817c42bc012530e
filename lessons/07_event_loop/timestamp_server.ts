/**
 * Timestamp server: one loop for all clients, as with `select()`. What a client
 * sends goes back with the server's time in front.
 *
 * Run: deno task timestamp-server        Then, in other terminals: deno task timestamp-client
 *
 * @module
 */
import { assertEquals, assertMatch } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag, switchFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { measure } from "./measure.ts";
import { ReadyList } from "./ready_list.ts";
import { timestamp } from "./timestamp.ts";

/** What a client sends first when it wants to leave. */
const GOODBYE = 0xff;

/** What the server keeps of each client. */
interface Client {
  conn: Deno.TcpConn;
  name: string;
  buffer: Uint8Array;
}

/** What can happen: an entry of the ready list. */
type Entry =
  | { kind: "accepted"; conn: Deno.TcpConn }
  | { kind: "accept failed"; error: unknown }
  | { kind: "received"; client: Client; count: number }
  | { kind: "gone"; client: Client };

/** Serves everybody in one loop, until the listener is closed. */
export async function serveAll(
  listener: Deno.TcpListener,
  log = console.log,
): Promise<void> {
  const ready = new ReadyList<Entry>();
  const clients = new Set<Client>();

  // These three start something and return at once. When it has ended, however
  // long that takes, it puts itself on the ready list. Nobody waits for it.

  function startAccept(): void {
    listener.accept().then(
      (conn) => ready.push({ kind: "accepted", conn }),
      (error) => ready.push({ kind: "accept failed", error }),
    );
  }

  function startRead(client: Client): void {
    client.conn.read(client.buffer).then((count) => {
      if (count === null) ready.push({ kind: "gone", client });
      else ready.push({ kind: "received", client, count });
    }, () => ready.push({ kind: "gone", client })); // It reset the connection.
  }

  // The next read begins when the reply is written. A client that does not take
  // its replies is not read any more, and only this client waits.
  function startReply(client: Client, reply: Uint8Array): void {
    write(client.conn, reply).then(
      () => startRead(client),
      () => ready.push({ kind: "gone", client }),
    );
  }

  function handle(entry: Entry): void {
    if (entry.kind === "accepted") {
      const { conn } = entry;
      const name = formatAddress(conn.remoteAddr);
      log(`Accepted connection from ${name}`);
      const client = { conn, name, buffer: new Uint8Array(1024) };
      clients.add(client);
      startRead(client);
      startAccept(); // For the next one.
    } else if (entry.kind === "accept failed") {
      // That one left before it was accepted: the next. Or the system has no
      // socket left: wait a little, perhaps somebody goes.
      if (isDisconnect(entry.error)) startAccept();
      else setTimeout(startAccept, 50);
    } else if (entry.kind === "received") {
      const { client, count } = entry;
      const data = client.buffer.subarray(0, count);
      if (data[0] === GOODBYE) return end(client);
      const time = timestamp();
      const text = printable(new TextDecoder().decode(data));
      log(`[${client.name}] ${time}: ${text}`);
      startReply(client, stamp(time, data));
    } else {
      end(entry.client);
    }
  }

  function end(client: Client): void {
    clients.delete(client);
    client.conn.close();
  }

  startAccept();
  while (true) {
    // The one place where the server waits, for all clients at once.
    for (const entry of await ready.take()) {
      if (isClosed(entry)) return clients.forEach(end);
      handle(entry);
    }
  }
}

/** The bytes `time:data`. The data is copied as it is, text or not. */
export function stamp(time: string, data: Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(`${time}:`);
  const stamped = new Uint8Array(prefix.length + data.length);
  stamped.set(prefix);
  stamped.set(data, prefix.length);
  return stamped;
}

/** Writes all of `bytes`: a write may take only a part. */
async function write(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let pending = bytes;
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

/** Whether the listener has been closed, which ends the server. */
function isClosed(entry: Entry): boolean {
  return entry.kind === "accept failed" &&
    entry.error instanceof Deno.errors.BadResource;
}

if (import.meta.main) {
  const flags = flagsOrExit({
    command: "deno task timestamp-server",
    about: "Sends back what it gets with the time in front, in one loop.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(12_345),
      measure: switchFlag("measure what a turn of the loop costs, and leave"),
    },
  });
  const address = { hostname: flags.host, port: flags.port };

  await runProgram(async () => {
    if (flags.measure) return await measure();
    using listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveAll(listener);
  }, { address, farewell: "Server stopped" });
}

Deno.test("serves one client while another is silent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const lines: string[] = [];
  const served = serveAll(listener, (line) => lines.push(line));

  using silent = await Deno.connect({ port: listener.addr.port });
  using client = await Deno.connect({ port: listener.addr.port });
  await client.write(new TextEncoder().encode("hello"));
  await client.closeWrite();
  const reply = await new Response(client.readable).text();
  assertMatch(reply, /^\d+\.\d{6}:hello$/);

  listener.close();
  await served;
  const name = formatAddress(client.localAddr);
  assertEquals(lines, [
    `Accepted connection from ${formatAddress(silent.localAddr)}`,
    `Accepted connection from ${name}`,
    `[${name}] ${reply.replace(":", ": ")}`,
  ]);
  assertEquals(await silent.read(new Uint8Array(1)), null);
});

Deno.test("stamp() leaves the bytes as they are", () => {
  const reply = stamp("1.5", new Uint8Array([0, 255, 0xe2, 0x82]));
  assertEquals(reply, new Uint8Array([49, 46, 53, 58, 0, 255, 0xe2, 0x82]));
});
