/**
 * Echo client: type a line, see what the server sends back.
 *
 * Run: deno task echo-client        First, in another terminal: deno task echo-server
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { LineInput, printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";

/**
 * Sends `message` and waits until as many bytes have come back. Returns them,
 * or `null` when the server closes the connection before that.
 */
export async function exchange(
  conn: Deno.Conn,
  message: Uint8Array,
): Promise<Uint8Array | null> {
  let pending = message;
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }

  // The reply may come in several parts. We know how long it is, because an
  // echo is as long as what we sent: read until we have it all.
  const reply = new Uint8Array(message.length);
  let received = 0;
  while (received < reply.length) {
    const count = await conn.read(reply.subarray(received));
    if (count === null) return null;
    received += count;
  }
  return reply;
}

/** Sends each line that is typed, until an empty one. */
export async function talk(conn: Deno.Conn, input: LineInput): Promise<void> {
  while (true) {
    const line = await input.ask("Send (empty to quit): ");
    if (line === null) console.log(); // Ctrl+D: end the line of the question.
    if (line === null || line === "") return;

    // A socket carries bytes, not text. No newline is sent.
    const reply = await exchange(conn, new TextEncoder().encode(line));
    if (reply === null) return console.log("Server closed connection");
    console.log(`Received: ${printable(new TextDecoder().decode(reply))}`);
  }
}

if (import.meta.main) {
  const { host: hostname, port } = flagsOrExit({
    command: "deno task echo-client",
    about: "Sends each line you type and prints what comes back.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(65_432),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    using conn = await Deno.connect(address);
    try {
      await talk(conn, new LineInput());
    } catch (error) {
      if (!isDisconnect(error)) throw error;
      console.log("Server closed connection");
    }
  }, {
    address,
    farewell: "\nClient exiting",
    server: "deno task echo-server",
  });
}

Deno.test("puts together a reply that comes in two parts", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  server.setNoDelay();

  const message = new TextEncoder().encode("hello");
  const reply = exchange(conn, message);
  const received = new Uint8Array(5);
  await server.read(received);
  await server.write(received.subarray(0, 2));
  await server.write(received.subarray(2));
  assertEquals(await reply, message);
});

Deno.test("tells a server that closes from one that answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();

  const reply = exchange(conn, new TextEncoder().encode("hello"));
  await server.read(new Uint8Array(5));
  await server.closeWrite();
  assertEquals(await reply, null);
});
