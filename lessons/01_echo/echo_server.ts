/**
 * Echo server: it serves one client, sends back every byte as it came, and
 * ends when the client has gone.
 *
 * Run: deno task echo-server        Then, in a second terminal: deno task echo-client
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";

/** Sends back everything `conn` sends until it stops sending; then closes. */
export async function echo(conn: Deno.Conn): Promise<void> {
  using _ = conn; // Closed at the end of this function, however it ends.
  const buffer = new Uint8Array(1024);
  while (true) {
    // Wait for bytes. TCP hands over whatever has arrived: 1 byte, or 1024.
    const count = await conn.read(buffer);
    if (count === null) break; // The client will send no more.

    // A write may take only a part. Go on until all of it is gone.
    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}

/** Waits for a client, and gives you the socket that is connected to it. */
async function acceptNext(listener: Deno.TcpListener): Promise<Deno.TcpConn> {
  while (true) {
    try {
      // The system has been making connections since listen. accept takes the
      // first of them, or waits for one: a second socket, for this client.
      return await listener.accept();
    } catch (error) {
      if (!isDisconnect(error)) throw error;
      // It was gone again before we took it. Wait for the next one.
    }
  }
}

/** Accepts one client and serves it. */
export async function serveOne(listener: Deno.TcpListener): Promise<void> {
  const conn = await acceptNext(listener);
  console.log(`Connected by ${formatAddress(conn.remoteAddr)}`);
  try {
    await echo(conn);
    console.log("Client disconnected");
  } catch (error) {
    if (!isDisconnect(error)) throw error;
    console.log("Client disconnected: it reset the connection");
  }
}

if (import.meta.main) {
  const { host: hostname, port } = flagsOrExit({
    command: "deno task echo-server",
    about: "Sends back every byte to one client, then ends.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(65_432),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    // Three steps in one call: make a socket, bind it to the address, listen.
    using listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveOne(listener);
  }, { address, farewell: "Server stopped" });
}

Deno.test("sends back bytes that are not text", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = listener.accept().then(echo);
  using client = await Deno.connect({ port: listener.addr.port });
  await client.write(new Uint8Array([0, 255, 10, 13]));
  await client.closeWrite();
  assertEquals(
    await new Response(client.readable).bytes(),
    new Uint8Array([0, 255, 10, 13]),
  );
  await served;
});
