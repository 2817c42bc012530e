/**
 * The test as the client of a server under test, and as the server of a client
 * under test.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { readExactly, writeAll } from "../lib/bytes.ts";
import { within } from "./deadline.ts";
import { close, readAll } from "./loopback.ts";
import { type Program, startScript } from "./program.ts";

/** Starts a server of the project on a free port. */
export function startServer(script: string, ...flags: string[]): Program {
  return startScript(script, ["--port", "0", ...flags]);
}

/** Starts a client of the project, which connects to `port`. */
export function startClient(
  script: string,
  port: number,
  ...flags: string[]
): Program {
  return startScript(script, ["--port", String(port), ...flags]);
}

/** Connects to a server as soon as it listens. */
export async function connect(server: Program): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port: await server.port() });
  conn.setNoDelay();
  return conn;
}

/** Sends `bytes` and returns what comes back, as soon as it is as long. */
export async function exchange(
  conn: Deno.Conn,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  await writeAll(conn, bytes);
  return await within("a reply", readExactly(conn, bytes.length));
}

/** Sends `chunks`, one write each, then no more; returns the whole reply. */
export async function replyTo(
  server: Program,
  ...chunks: Uint8Array[]
): Promise<Uint8Array> {
  using conn = await connect(server);
  for (const chunk of chunks) await writeAll(conn, chunk);
  await conn.closeWrite();
  return await within("the whole reply", readAll(conn));
}

/** That clients are let in, one after the other, and get nothing but an end. */
export async function assertTurnsAway(server: Program): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    using conn = await connect(server);
    assertEquals(await within("the end", readAll(conn)), new Uint8Array());
  }
  assertEquals(server.stderr.text, "");
}

/** A client under test that is connected to the test. */
export interface ClientSession extends AsyncDisposable {
  client: Program;
  conn: Deno.TcpConn;
  /** The port that the client has connected to. Nobody listens there now. */
  port: number;
}

/** Starts a client with the port that it has to connect to, and accepts it. */
export async function acceptClient(
  start: (port: number) => Program,
): Promise<ClientSession> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await using stack = new AsyncDisposableStack();
  const client = stack.use(start(port));
  const conn = await within("the client", listener.accept());
  stack.defer(() => close(conn)); // The test may have closed it.
  conn.setNoDelay();
  const kept = stack.move();
  return {
    client,
    conn,
    port,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The bytes of `text` in UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text that `bytes` are in UTF-8, a byte order mark included. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
