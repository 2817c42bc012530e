/**
 * Real TCP connections within this machine, for tests.
 *
 * @module
 */
import { createServer, Socket } from "node:net";
import type { Reader } from "../lib/bytes.ts";

/** Both ends of one connection. */
export interface Pair extends Disposable {
  client: Deno.TcpConn;
  server: Deno.TcpConn;
}

/** Makes a connection from this process to itself. */
export async function connectedPair(): Promise<Pair> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [client, server] = await Promise.all([
    Deno.connect({ port: listener.addr.port }),
    listener.accept(),
  ]);
  client.setNoDelay();
  server.setNoDelay();
  return {
    client,
    server,
    [Symbol.dispose]() {
      for (const conn of [client, server]) close(conn);
    },
  };
}

/** Closes what the test may have closed before. */
export function close(resource: { close(): void }): void {
  try {
    resource.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Everything that comes until the peer sends no more. */
export async function readAll(reader: Reader): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const buffer = new Uint8Array(65_536);
  for (let count; (count = await reader.read(buffer)) !== null;) {
    chunks.push(buffer.slice(0, count));
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** A client that can do what Deno's own cannot: reset the connection (RST). */
export interface ResettingClient {
  write(bytes: Uint8Array): Promise<void>;
  reset(): Promise<void>;
}

export async function connectResetting(port: number): Promise<ResettingClient> {
  const socket = new Socket();
  socket.on("error", () => {}); // Whatever the server does to it is fine.
  await new Promise<void>((resolve) =>
    socket.connect(port, "127.0.0.1", resolve)
  );
  return {
    write: (bytes) =>
      new Promise((resolve) => socket.write(bytes, () => resolve())),
    reset: () =>
      new Promise((resolve) => {
        socket.once("close", () => resolve());
        socket.resetAndDestroy();
      }),
  };
}

/** A server that resets each connection as soon as something comes on it. */
export interface ResettingServer extends AsyncDisposable {
  port: number;
}

export async function listenResetting(): Promise<ResettingServer> {
  const server = createServer((socket) => {
    socket.on("error", () => {}); // Whatever the client does to it is fine.
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => server.close(() => resolve())),
  };
}
