/**
 * Concurrent server: the echo of lesson 01 for many clients at the same time,
 * a task for each connection.
 *
 * Run: deno task concurrent-server        Then, in other terminals: deno task echo-client --port 5002
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag, switchFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { Room } from "./room.ts";

/** Sends back everything `conn` sends until it stops sending; then closes. */
export async function echo(conn: Deno.Conn): Promise<void> {
  using _ = conn;
  const buffer = new Uint8Array(1024); // One for each client, not one for all.
  while (true) {
    // At each await this task stops and the tasks of other clients go on.
    const count = await conn.read(buffer);
    if (count === null) break;

    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}

/** Options of {@linkcode acceptAll}. */
export interface AcceptOptions {
  /** What is done with each client; it closes the connection in the end. */
  serve?: (conn: Deno.TcpConn) => Promise<void>;
  /** Where the lines of the log go. */
  log?: (line: string) => void;
}

/**
 * The task of one client, from its first byte to its last. Nobody waits for
 * this task, so nobody could catch what it throws, and an error that nobody
 * catches ends the whole program: this function must not throw.
 */
async function runTask(
  conn: Deno.TcpConn,
  { serve = echo, log = console.log }: AcceptOptions,
): Promise<void> {
  const peer = formatAddress(conn.remoteAddr);
  log(`Connected by ${peer}`);
  try {
    await serve(conn);
    log(`${peer} disconnected`);
  } catch (error) {
    // It is over for this client, and for no other one.
    const reason = isDisconnect(error)
      ? "it reset the connection"
      : (error as Error).message;
    log(`${peer} disconnected: ${reason}`);
  }
}

/** Accepts clients and starts a task for each, until the listener is closed. */
export async function acceptAll(
  listener: Deno.TcpListener,
  options: AcceptOptions = {},
): Promise<void> {
  const { log = console.log } = options;
  let failing = false;
  while (true) {
    try {
      const conn = await listener.accept();
      failing = false;
      // No await here. The task goes its way, and we accept the next client.
      runTask(conn, options);
    } catch (error) {
      if (error instanceof Deno.errors.BadResource) return; // It was closed.
      // A client that reset its connection in the queue: on to the next one.
      if (isDisconnect(error) || error instanceof Deno.errors.NotConnected) {
        continue;
      }
      // Most likely there is no file left for another connection. The others
      // go on. Wait a little, or this loop would keep the processor busy.
      if (!failing) log(`Cannot accept: ${(error as Error).message}`);
      failing = true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

if (import.meta.main) {
  const { host: hostname, port, broadcast } = flagsOrExit({
    command: "deno task concurrent-server",
    about: "Sends back every byte, to many clients at the same time.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(5002),
      broadcast: switchFlag("send what one client says to all others instead"),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    const room = new Room();
    await acceptAll(listener, {
      serve: broadcast ? (conn) => room.serve(conn) : echo,
    });
  }, { address, farewell: "Server stopped" });
}

Deno.test("answers the second client while the first is connected, and the first again", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const lines: string[] = [];
  const served = acceptAll(listener, { log: (line) => lines.push(line) });
  const buffer = new Uint8Array(16);

  const { port } = listener.addr;
  const first = await Deno.connect({ port });
  const second = await Deno.connect({ port });
  for (const client of [second, first, second]) {
    await client.write(new TextEncoder().encode("hello"));
    assertEquals(await client.read(buffer), 5);
  }
  for (const client of [first, second]) {
    await client.closeWrite();
    assertEquals(await client.read(buffer), null);
    client.close();
  }

  listener.close();
  await served;
  const [one, two] = [first, second].map((c) => formatAddress(c.localAddr));
  assertEquals(lines, [
    `Connected by ${one}`,
    `Connected by ${two}`,
    `${one} disconnected`,
    `${two} disconnected`,
  ]);
});
