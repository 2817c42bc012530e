/**
 * The lines server under test, and clients of it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { type Program, startScript } from "../program.ts";

const encoder = new TextEncoder();

export function startServer(...args: string[]): Program {
  return startScript("lessons/03_stream/lines_server.ts", [
    "--port",
    "0",
    ...args,
  ]);
}

export async function connect(server: Program): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  return conn;
}

/** Sends `chunks`, one write each, then no more; returns the whole reply. */
export async function replyTo(
  server: Program,
  ...chunks: (string | Uint8Array)[]
): Promise<string> {
  using client = await connect(server);
  for (const chunk of chunks) {
    await writeAll(
      client,
      typeof chunk === "string" ? encoder.encode(chunk) : chunk,
    );
  }
  await client.closeWrite();
  const reply = await within("the reply", readAll(client));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(reply);
}

export async function assertServes(server: Program): Promise<void> {
  assertEquals(await replyTo(server, "still there?\n"), "1: still there?\n");
}
