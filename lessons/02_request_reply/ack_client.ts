/**
 * Request and reply, the side that asks: it connects, sends one message, waits
 * for the reply, but not for ever, and closes.
 *
 * Run: deno task ack-client [WORDS]         First, in another terminal: deno task ack-server
 *
 * @module
 */
import { assertEquals, assertRejects } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag, secondsFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { BUFFER_SIZE, HOST, PORT } from "./config.ts";

/**
 * Sends `message` and takes what one read returns for the reply; `null` if the
 * server ends the connection without one. Throws when `deadline` is over.
 */
export async function request(
  conn: Deno.Conn,
  message: string,
  deadline: AbortSignal,
): Promise<string | null> {
  // A read cannot be called off. But when the connection is closed, it throws.
  const giveUp = () => conn.close();
  deadline.addEventListener("abort", giveUp);
  try {
    let pending = new TextEncoder().encode(message);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }

    // One read is taken for the whole reply. That works only by luck.
    const buffer = new Uint8Array(BUFFER_SIZE);
    const count = await conn.read(buffer);
    if (count === null) return null;
    return new TextDecoder().decode(buffer.subarray(0, count));
  } catch (error) {
    if (!isDisconnect(error)) throw error;
    return null;
  } finally {
    deadline.removeEventListener("abort", giveUp);
  }
}

if (import.meta.main) {
  const { host: hostname, port, timeout, words } = flagsOrExit({
    command: "deno task ack-client",
    about: "Sends the words, or Hello Server, and prints the reply.",
    flags: {
      host: hostFlag("address of the server", HOST),
      port: connectPortFlag(PORT),
      timeout: secondsFlag("how long to wait for the server", 5),
    },
    words: "[WORDS]",
  });
  const address = { hostname, port };
  const message = words.length === 0 ? "Hello Server" : words.join(" ");

  await runProgram(async () => {
    // One deadline for everything: connecting, sending, waiting for the reply.
    const deadline = AbortSignal.timeout(timeout * 1000);
    try {
      using conn = await Deno.connect({ ...address, signal: deadline });
      console.log(`[CLIENT] Connected to ${formatAddress(conn.remoteAddr)}`);
      console.log(`[CLIENT] Sending: ${printable(message)}`);
      const reply = await request(conn, message, deadline);
      if (reply === null) {
        console.log("[CLIENT] Server closed the connection without a reply");
        Deno.exitCode = 1;
      } else {
        console.log(`[CLIENT] Received: ${printable(reply)}`);
      }
    } catch (error) {
      if (!deadline.aborted) throw error;
      console.log("[CLIENT] Server did not respond in time");
      Deno.exitCode = 1;
      return;
    }
    console.log("[CLIENT] Closed connection");
  }, {
    address,
    farewell: "[CLIENT] Stopped",
    server: "deno task ack-server",
  });
}

Deno.test("sends the message and returns the reply", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();

  const reply = request(conn, "hello", AbortSignal.timeout(10_000));
  const buffer = new Uint8Array(10);
  const count = await server.read(buffer) ?? 0;
  assertEquals(new TextDecoder().decode(buffer.subarray(0, count)), "hello");
  await server.write(new TextEncoder().encode("ACK: hello"));
  assertEquals(await reply, "ACK: hello");
});

Deno.test("gives up when the deadline is over", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using _server = await listener.accept(); // It never answers.

  await assertRejects(
    () => request(conn, "hello", AbortSignal.timeout(10)),
    Deno.errors.Interrupted,
  );
});

Deno.test("tells a server that closes from one that answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();

  await server.closeWrite();
  assertEquals(await request(conn, "", AbortSignal.timeout(10_000)), null);
});
