/**
 * Lines server: it numbers the lines that each client sends, and sends them
 * back, for many clients at once.
 *
 * Run: deno task lines-server        Then, in a second terminal: deno task lines-client
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { printable } from "../../lib/console.ts";
import { isDisconnect } from "../../lib/failures.ts";
import { hostFlag, listenPortFlag, wholeNumberFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import {
  LineTooLongError,
  MAX_LINE_LENGTH,
  readLines,
} from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { runProgram } from "../../lib/program.ts";
import { serve } from "../../lib/serve.ts";

const encoder = new TextEncoder();

/** Answers every line with its number and itself, until no more will come. */
export async function numberLines(
  conn: Deno.TcpConn,
  log: (line: string) => void,
  maxLength = MAX_LINE_LENGTH,
): Promise<void> {
  let number = 0;
  // readLines reads chunks, keeps what is incomplete, and hands out the lines.
  for await (const line of readLines(conn, { maxLength })) {
    log(line);
    number++;
    // A client that does not read its replies holds up this loop, and with it
    // the reading of its own lines. Nobody else waits.
    await writeAll(conn, encoder.encode(`${number}: ${line}\n`));
  }
}

/** Serves everybody who connects until `signal`, and logs who comes and goes. */
export function serveLines(
  listener: Deno.TcpListener,
  maxLength: number,
  signal: AbortSignal,
  log: (line: string) => void = console.log,
): Promise<void> {
  return serve(listener, async (conn) => {
    const peer = formatAddress(conn.remoteAddr);
    log(`Connected by ${peer}`);
    let reason = "";
    try {
      conn.setNoDelay(); // Each reply at once, though the last is on its way.
      await numberLines(
        conn,
        // A line may hold anything, also what would clear your terminal.
        (line) => log(`[${peer}] ${printable(line)}`),
        maxLength,
      );
    } catch (error) {
      if (error instanceof LineTooLongError) {
        reason = `, its line was longer than ${maxLength} bytes`;
        await writeAll(conn, encoder.encode("ERROR: Line too long\n"));
        // The client may be sending still. To close on it at once would make
        // the system reset the connection, and this reply could be lost.
        await linger(conn, { maxLength: 16 * 1024 * 1024 });
      } else if (isDisconnect(error)) {
        reason = ", it reset the connection";
      } else throw error;
    } finally {
      // When this server ends, it is not the client who goes.
      if (!signal.aborted) log(`Client disconnected: ${peer}${reason}`);
    }
  }, { signal });
}

if (import.meta.main) {
  const { host: hostname, port, "max-line": maxLength } = flagsOrExit({
    command: "deno task lines-server",
    about: "Numbers the lines of each client, for many at once.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(5005),
      "max-line": wholeNumberFlag("longest line in bytes", {
        default: MAX_LINE_LENGTH,
        min: 1,
        max: 16 * 1024 * 1024,
        placeholder: "BYTES",
      }),
    },
  });
  const address = { hostname, port };

  await runProgram(async (signal) => {
    using listener = Deno.listen(address);
    console.log(`Listening on ${formatAddress(listener.addr)}`);
    await serveLines(listener, maxLength, signal);
  }, { address, farewell: "Server stopped", grace: 2000 });
}

/** What a client reads that sends `chunks`, one write each, and then no more. */
async function replyTo(chunks: Uint8Array[]): Promise<string> {
  const stop = new AbortController();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const served = serveLines(listener, 100, stop.signal, () => {});
  using client = await Deno.connect({ port });
  client.setNoDelay();
  for (const chunk of chunks) await writeAll(client, chunk);
  await client.closeWrite();
  const reply = await new Response(client.readable).text();
  stop.abort();
  await served;
  return reply;
}

Deno.test("numbers lines however they are cut, and drops unfinished text", async () => {
  const bytes = encoder.encode("a\r\n\n3€\nhalf");
  const reply = "1: a\n2: \n3: 3€\n";
  assertEquals(await replyTo([bytes]), reply);
  assertEquals(
    await replyTo(Array.from(bytes, (byte) => new Uint8Array([byte]))),
    reply,
  );
});

Deno.test("a line over the limit gets an error after the replies that are owed", async () => {
  assertEquals(
    await replyTo([
      encoder.encode("first\n"),
      encoder.encode("x".repeat(101)),
      encoder.encode("\nnever answered\n"),
    ]),
    "1: first\nERROR: Line too long\n",
  );
});
