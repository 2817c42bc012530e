/**
 * Timestamp client: type a line, see when it was sent, when the server had it
 * and when it was back, and how long the round trip took.
 *
 * Run: deno task timestamp-client        First, in another terminal: deno task timestamp-server
 *
 * @module
 */
import { assertEquals, assertRejects } from "jsr:@std/assert@^1";
import { LineInput, printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { connectPortFlag, hostFlag, secondsFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { timestamp } from "./timestamp.ts";

/** The longest message in bytes: with its time it fits in one read. */
const MAX_MESSAGE = 1000;

/** The longest time in bytes that a server may put in front of a reply. */
const MAX_TIME = 32;

const COLON = ":".charCodeAt(0);

/** What a client sends when it wants to leave. */
const GOODBYE = 0xff;

/** There is no going on with this server. The message says why, in one line. */
export class ReplyError extends Error {
  override name = "ReplyError";
}

/**
 * Reads the reply to `sent`: the server's time, a colon, and what was sent. It
 * may come in many parts. Returns the server's time, or `null` when the server
 * closes the connection before that.
 */
export async function readReply(
  conn: Deno.Conn,
  sent: Uint8Array,
): Promise<string | null> {
  const reply = new Uint8Array(MAX_TIME + 1 + sent.length);
  let received = 0;
  let timeLength = 0;
  while (received < timeLength + 1 + sent.length) {
    // Ask for no more than is missing. As long as the time has not ended, that
    // is the colon and the echo at least. The rest is for the next reply.
    const missing = timeLength + 1 + sent.length - received;
    const count = await conn.read(reply.subarray(received, received + missing));
    if (count === null) return null;
    received += count;

    const colon = reply.subarray(0, received).indexOf(COLON);
    timeLength = colon === -1 ? received : colon;
    const time = new TextDecoder().decode(reply.subarray(0, timeLength));
    const echo = reply.subarray(timeLength + 1, received);
    const fits = timeLength <= MAX_TIME && /^\d+(\.\d*)?$/.test(time) &&
      echo.every((byte, index) => byte === sent[index]);
    if (!fits) {
      const start = new TextDecoder().decode(reply.subarray(0, received));
      throw new ReplyError(`Unexpected reply: ${printable(start)}`);
    }
  }
  return new TextDecoder().decode(reply.subarray(0, timeLength));
}

/** Sends one line and prints the reply. `false` when the server has closed. */
export async function exchange(
  conn: Deno.Conn,
  line: string,
  timeout: number,
): Promise<boolean> {
  const sendTime = timestamp();
  const start = performance.now();
  const sent = new TextEncoder().encode(`${sendTime}:${line}`);

  // A read cannot be called off. But when the connection is closed, it throws.
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    conn.close();
  }, timeout);
  try {
    let pending = sent;
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
    const serverTime = await readReply(conn, sent);
    if (serverTime === null) return false;
    const roundTrip = performance.now() - start;

    const receiveTime = timestamp();
    const there = (Number(serverTime) - Number(sendTime)) * 1000;
    const back = (Number(receiveTime) - Number(serverTime)) * 1000;
    console.log(
      `${receiveTime}:${serverTime}:${sendTime}:${printable(line)}\n` +
        `Round trip: ${roundTrip.toFixed(3)} ms\n` +
        `There ${there.toFixed(3)} ms, back ${back.toFixed(3)} ms, ` +
        "but only if both clocks show the same",
    );
    return true;
  } catch (error) {
    if (late) throw new ReplyError("Server did not respond in time");
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

/** Sends each line that is typed, until an empty one. */
export async function talk(
  conn: Deno.Conn,
  input: LineInput,
  timeout: number,
): Promise<void> {
  console.log("Type messages and press Enter\nTo quit: Ctrl+C or Ctrl+D");
  while (true) {
    const line = await input.ask("> ");
    if (line === null) return console.log("\nCtrl+D detected. Exiting...");
    if (line === "") return console.log("Exiting...");
    if (new TextEncoder().encode(line).length > MAX_MESSAGE) {
      console.log(`Message is longer than ${MAX_MESSAGE} bytes: not sent`);
    } else if (!await exchange(conn, line, timeout)) {
      return console.log("Server closed connection");
    }
  }
}

/** Connects; `null` when the person has pressed Ctrl+C meanwhile. */
async function connect(
  address: { hostname: string; port: number },
  timeout: number,
  signal: AbortSignal,
): Promise<Deno.TcpConn | null> {
  const late = AbortSignal.timeout(timeout);
  try {
    const either = AbortSignal.any([signal, late]);
    return await Deno.connect({ ...address, signal: either });
  } catch (error) {
    if (signal.aborted) return null;
    throw late.aborted ? new Deno.errors.TimedOut() : error;
  }
}

if (import.meta.main) {
  const { host: hostname, port, timeout: seconds } = flagsOrExit({
    command: "deno task timestamp-client",
    about: "Sends each line you type and prints how long the reply took.",
    flags: {
      host: hostFlag("address of the server"),
      port: connectPortFlag(12_345),
      timeout: secondsFlag("how long to wait for the server", 5),
    },
  });
  const address = { hostname, port };
  const timeout = seconds * 1000;

  await runProgram(async (signal) => {
    using conn = await connect(address, timeout, signal);
    if (conn === null) return;
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve())
    );
    try {
      await Promise.race([talk(conn, new LineInput(), timeout), stopped]);
      // A server that has gone needs no goodbye.
      await conn.write(new Uint8Array([GOODBYE])).catch(() => {});
    } catch (error) {
      if (error instanceof ReplyError) {
        console.error(error.message);
        Deno.exit(1);
      }
      if (!isDisconnect(error)) throw error;
      console.log("Server closed connection");
    }
  }, {
    address,
    farewell: "\nCtrl+C detected. Exiting...",
    grace: 1000,
    server: "deno task timestamp-server",
  });
  Deno.exit(); // After Ctrl+C the question is still open.
}

Deno.test("puts together a reply that comes one byte at a time", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();
  server.setNoDelay();

  const sent = new TextEncoder().encode("1.5:€:1");
  const reply = readReply(conn, sent);
  for (const byte of new TextEncoder().encode("1700000000.25:1.5:€:1")) {
    await server.write(new Uint8Array([byte]));
  }
  assertEquals(await reply, "1700000000.25");
});

Deno.test("leaves the beginning of the next reply where it is", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();

  await server.write(new TextEncoder().encode("7:one8.25:two"));
  assertEquals(await readReply(conn, new TextEncoder().encode("one")), "7");
  assertEquals(await readReply(conn, new TextEncoder().encode("two")), "8.25");
});

Deno.test("does not take something else for the reply", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using server = await listener.accept();

  await server.write(new TextEncoder().encode("7:onE"));
  await assertRejects(
    () => readReply(conn, new TextEncoder().encode("one")),
    ReplyError,
    "Unexpected reply: 7:onE",
  );
});
