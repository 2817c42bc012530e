/**
 * Iterative server: the echo of lesson 01 for many clients, one at a time. The
 * others wait until it is their turn.
 *
 * Run: deno task iterative-server         Then, in other terminals: deno task echo-client --port 5001
 *
 * @module
 */
import { assertEquals, assertRejects } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";

/** Sends back everything `conn` sends until it stops sending; then closes. */
export async function echo(conn: Deno.Conn): Promise<void> {
  using _ = conn; // Not closed, it would stay open as long as the server runs.
  const buffer = new Uint8Array(1024);
  while (true) {
    // Here the server spends its life: until this client says something, or
    // goes, nobody else is served.
    const count = await conn.read(buffer);
    if (count === null) break;

    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}

/** Accepts a client, serves it to its end, accepts the next: for ever. */
export async function serveInTurn(
  listener: Deno.TcpListener,
  log = console.log,
): Promise<never> {
  while (true) {
    let conn: Deno.TcpConn;
    try {
      conn = await listener.accept();
    } catch (error) {
      // Only that client has failed, if it reset the connection in the queue.
      if (!isDisconnect(error)) throw error;
      log("A client left before its turn");
      continue;
    }

    log(`Connected by ${formatAddress(conn.remoteAddr)}`);
    try {
      await echo(conn);
      log("Client disconnected");
    } catch (error) {
      // Whatever went wrong with this client, the next one waits.
      const reason = isDisconnect(error) ? "it reset the connection" : error;
      log(`Client disconnected: ${reason}`);
    }
  }
}

if (import.meta.main) {
  const { host: hostname, port } = flagsOrExit({
    command: "deno task iterative-server",
    about: "Sends back every byte, to one client after the other.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(5001),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveInTurn(listener);
  }, { address, farewell: "Server stopped" });
}

Deno.test("serves the second client when the first has gone", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const lines: string[] = [];
  const served = serveInTurn(listener, (line) => lines.push(line));

  const first = await Deno.connect({ port: listener.addr.port });
  using second = await Deno.connect({ port: listener.addr.port });
  await second.write(new TextEncoder().encode("two"));
  await second.closeWrite();
  await first.write(new TextEncoder().encode("one"));
  await first.closeWrite();
  assertEquals(await new Response(first.readable).text(), "one");
  assertEquals(await new Response(second.readable).text(), "two");

  listener.close();
  await assertRejects(() => served, Deno.errors.BadResource);
  assertEquals(lines, [
    `Connected by ${formatAddress(first.localAddr)}`,
    "Client disconnected",
    `Connected by ${formatAddress(second.localAddr)}`,
    "Client disconnected",
  ]);
});
