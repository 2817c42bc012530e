/**
 * Where the grader listens, for programs that are clients.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Connections in the order in which they come. Let go of it, and it closes. */
export class Arrivals<T> implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  readonly #waiting: T[] = [];
  #taking: Promise<T | undefined> = Promise.resolve(undefined);
  #come = Promise.withResolvers<void>();

  /**
   * Begins to listen, once `listening` is called.
   *
   * @param take Is given each connection at once, so that nothing that happens
   * to it is missed. What it returns is what `next` hands out.
   */
  constructor(take: (socket: Socket) => T) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.push(socket);
      this.#waiting.push(take(socket));
      this.#come.resolve();
    });
  }

  /** Listens on a free port of 127.0.0.1, and returns it. */
  async listening(): Promise<number> {
    await new Promise<void>((resolve) =>
      this.#server.listen(0, "127.0.0.1", resolve)
    );
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Waits for the next connection.
   *
   * @param over Resolves when no more will come.
   * @returns `undefined` if none has come by then.
   */
  next(over: Promise<unknown>): Promise<T | undefined> {
    return this.#taking = this.#next(over);
  }

  async #next(over: Promise<unknown>): Promise<T | undefined> {
    await Promise.race([this.#come.promise, over]);
    // A program may connect and end faster than the news of both gets here.
    if (this.#waiting.length === 0) await delay(50);
    const next = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#come = Promise.withResolvers();
    return next;
  }

  /** Closes it, and every connection that came to it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#come.resolve();
    await this.#taking;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
