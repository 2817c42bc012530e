/**
 * A proxy: clients connect to it, and it connects to a server for each of them.
 *
 * It is built on `node:net`, because Deno's own connections cannot be reset.
 *
 * @module
 */
import {
  type AddressInfo,
  connect,
  createServer,
  type Server,
  type Socket,
} from "node:net";
import { formatAddress } from "../../lib/address.ts";
import { bytesOnTheirWay } from "../../tests/grader/queues.ts";
import { Connection } from "./connection.ts";
import type { Recording } from "./recording.ts";
import type { Open } from "./state.ts";
import { NONE, type Troubles } from "./trouble.ts";

/** The address of a program. */
export interface Address {
  hostname: string;
  port: number;
}

/** What a {@linkcode TcpProxy} is made of. */
export interface ProxyOptions {
  /** The server, asked for again for each client. */
  to: () => Address;
  /** Where it is kept what happens. */
  recording: Recording;
  /** Where everything random comes from. */
  seed: number;
  /** What is done to the bytes in the beginning. */
  troubles?: Troubles;
}

/** The errors that Deno's own functions would have thrown. */
const ERRORS: Record<string, new (message: string) => Error> = {
  EADDRINUSE: Deno.errors.AddrInUse,
  EADDRNOTAVAIL: Deno.errors.AddrNotAvailable,
  EACCES: Deno.errors.PermissionDenied,
};

/** Why a server is not reached, in words. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "there is no such host",
  EHOSTUNREACH: "no way leads there",
  ENETUNREACH: "no way leads there",
  ETIMEDOUT: "it does not answer",
};

/** An error of `node:net`. */
type NodeError = Error & { code?: string };

/** How many connections the gauges look at, several times a second. */
const LOOKED_AT = 16;

/** Stands between clients and a server. Let go of it, and all is reset. */
export class TcpProxy implements AsyncDisposable {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #connections = new Map<number, Connection>();
  readonly #sockets = new Set<Socket>();
  #troubles: Troubles;
  #connected = 0;

  /** Makes it; it listens once `listen` is called. */
  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#troubles = options.troubles ?? { client: NONE, server: NONE };
    this.#server = createServer(
      { allowHalfOpen: true, pauseOnConnect: true },
      (client) => this.#accept(client),
    );
  }

  /**
   * Begins to listen.
   *
   * @param address Where; port 0 is a free one.
   * @returns The address with the real port.
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  async listen({ hostname, port }: Address): Promise<Address> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error: NodeError) => {
        const DenoError = ERRORS[error.code ?? ""];
        reject(DenoError === undefined ? error : new DenoError(error.message));
      });
      this.#server.listen(port, hostname, resolve);
    });
    return { hostname, port: (this.#server.address() as AddressInfo).port };
  }

  /** What is done to the bytes. */
  get troubles(): Troubles {
    return this.#troubles;
  }

  set troubles(troubles: Troubles) {
    this.#troubles = troubles;
    for (const connection of this.#connections.values()) connection.change();
  }

  /** An open connection by its number. */
  connection(number: number): Connection | undefined {
    return this.#connections.get(number);
  }

  /** The open connections, the newest of them if they are many. */
  async open(): Promise<Open[]> {
    const between = await bytesOnTheirWay();
    return [...this.#connections.values()].slice(-LOOKED_AT)
      .map((connection) => connection.open(between));
  }

  /** A client has come. */
  #accept(client: Socket): void {
    const number = ++this.#connected;
    const { recording, seed, to } = this.#options;
    const { hostname, port } = to();
    const server = connect({ host: hostname, port, allowHalfOpen: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    }
    // Until both are there.
    const gone = () => server.resetAndDestroy();
    const refused = (error: NodeError) => {
      const address = formatAddress({ hostname, port });
      const code = error.code ?? "";
      const why = `${address}, ${REASONS[code] ?? error.message} (${code})`;
      recording.add(number, { kind: "refused", why });
      client.resetAndDestroy();
    };
    client.once("error", gone);
    server.once("error", refused);
    server.once("connect", () => {
      client.off("error", gone);
      server.off("error", refused);
      const connection = new Connection({
        number,
        client,
        server,
        seed,
        troubles: () => this.#troubles,
        record: (happening) => recording.add(number, happening),
        onOver: () => this.#connections.delete(number),
      });
      this.#connections.set(number, connection);
    });
  }

  /** Closes it, and resets every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.#server.close(() => resolve())
    );
    const gone = [...this.#sockets].map((socket) =>
      new Promise<void>((resolve) => socket.once("close", () => resolve()))
    );
    for (const socket of this.#sockets) {
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
    await Promise.all([closed, ...gone]);
  }
}
