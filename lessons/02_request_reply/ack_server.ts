/**
 * Request and reply, the side that answers: it waits for a client, takes one
 * message, acknowledges it and closes.
 *
 * Run: deno task ack-server         Then, in a second terminal: deno task ack-client
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag, switchFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { BUFFER_SIZE, HOST, PORT } from "./config.ts";

/** Takes one message from `conn`, acknowledges it, and closes. */
export async function acknowledge(
  conn: Deno.Conn,
  log = console.log,
): Promise<void> {
  using _ = conn; // Closed at the end of this function, however it ends.

  // One read is taken for the whole message. That works only by luck.
  const buffer = new Uint8Array(BUFFER_SIZE);
  const count = await conn.read(buffer);
  if (count === null) return; // The end, and no message: nothing to answer.

  // A socket carries bytes. Text is made of them here, and bytes of text below.
  const message = new TextDecoder().decode(buffer.subarray(0, count));
  log(`[SERVER] Received: ${printable(message)}`);

  const reply = `ACK: ${message}`;
  let pending = new TextEncoder().encode(reply);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
  log(`[SERVER] Sent: ${printable(reply)}`);
}

/** Waits for a client and serves it; what goes wrong with it ends here. */
export async function serveNext(
  listener: Deno.TcpListener,
  log = console.log,
): Promise<void> {
  const conn = await acceptNext(listener);
  log(`[SERVER] Connection from ${formatAddress(conn.remoteAddr)}`);
  try {
    await acknowledge(conn, log);
    log("[SERVER] Closed connection");
  } catch (error) {
    const reason = isDisconnect(error) ? "the client reset it" : error;
    log(`[SERVER] Closed connection: ${reason}`);
  }
}

/** Accepts the first client in the queue that is still there. */
async function acceptNext(listener: Deno.TcpListener): Promise<Deno.TcpConn> {
  while (true) {
    try {
      return await listener.accept();
    } catch (error) {
      // Connected by the system, but gone again before we accepted it.
      if (!isDisconnect(error)) throw error;
    }
  }
}

if (import.meta.main) {
  const { host: hostname, port, forever } = flagsOrExit({
    command: "deno task ack-server",
    about: "Acknowledges one message of one client, then ends.",
    flags: {
      host: hostFlag("address to listen on", HOST),
      port: listenPortFlag(PORT),
      forever: switchFlag("stay for the next client, one after the other"),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using listener = Deno.listen(address);
    console.log(`[SERVER] Listening on ${formatAddress(listener.addr)}`);
    do {
      await serveNext(listener);
    } while (forever);
  }, { address, farewell: "[SERVER] Stopped" });
}

Deno.test("acknowledges a message and closes", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = serveNext(listener, () => {});
  using client = await Deno.connect({ port: listener.addr.port });
  await client.write(new TextEncoder().encode("Grüße"));
  // Everything up to the end: the reply, because the server closes.
  assertEquals(await new Response(client.readable).text(), "ACK: Grüße");
  await served;
});

Deno.test("an end without a byte is no message and gets no reply", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = serveNext(listener, () => {});
  using client = await Deno.connect({ port: listener.addr.port });
  await client.closeWrite();
  assertEquals(await new Response(client.readable).text(), "");
  await served;
});
