/**
 * The client in a demo: it can end a connection in all the ways there are.
 *
 * It is built on `node:net`, because Deno's own connections cannot be reset.
 *
 * @module
 */
import { indexOfNeedle } from "@std/bytes/index-of-needle";
import { connect, type Socket } from "node:net";
import { Inbox } from "../../../tests/grader/inbox.ts";
import { DemoError } from "./demo_error.ts";

/** How long a client waits for what is due, in milliseconds. */
const PATIENCE = 10_000;

/** One connection to the server. Let go of it, and it is closed. */
export class DemoClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #closed = Promise.withResolvers<void>();
  readonly #inbox = new Inbox();
  #ended = false;
  #failure: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true); // Each write goes out by itself.
    socket.on("data", (chunk: Uint8Array) => this.#inbox.add(chunk));
    socket.on("end", () => {
      this.#ended = true;
      this.#inbox.finish("closed");
    });
    socket.on("error", (error) => this.#fail(explain(error)));
    socket.on("close", () => {
      this.#closed.resolve();
      this.#inbox.finish("closed");
    });
  }

  /**
   * Connects to a port of this machine.
   *
   * @param signal Ends it: whatever it waits for then throws the reason.
   * @throws {DemoError} If nobody listens there.
   */
  static async connect(port: number, signal: AbortSignal): Promise<DemoClient> {
    signal.throwIfAborted();
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const client = new DemoClient(socket);
    const abort = () => {
      client.#fail(signal.reason);
      socket.destroy();
    };
    signal.addEventListener("abort", abort);
    socket.once("close", () => signal.removeEventListener("abort", abort));
    await client.#done((done) => socket.once("connect", done));
    return client;
  }

  /** Sends a text or bytes in one write. */
  async send(data: string | Uint8Array): Promise<void> {
    await this.#done((done) => this.#socket.write(data, done));
  }

  /**
   * Waits for what is due, however many reads that takes.
   *
   * @param due How many bytes; or the text that they end with.
   * @throws {DemoError} If it does not come.
   */
  async receive(due: number | string): Promise<Uint8Array> {
    const what = typeof due === "string" ? JSON.stringify(due) : `${due} bytes`;
    await this.#until(what, () => this.#endOf(due) !== -1);
    return this.#inbox.take(this.#endOf(due));
  }

  /**
   * Waits until the server sends no more, and takes what it has sent before.
   *
   * @throws {DemoError} If the server goes on, or resets the connection.
   */
  async receiveEnd(): Promise<Uint8Array> {
    await this.#until("the end", () => this.#ended);
    return this.#inbox.take(this.#inbox.bytes.length);
  }

  /** Says that it will send no more; it still receives. */
  async halfClose(): Promise<void> {
    await this.#done((done) => this.#socket.end(done));
  }

  /** Closes the connection for both directions, in order. */
  async close(): Promise<void> {
    if (!this.#socket.writableEnded) await this.halfClose();
    await this[Symbol.asyncDispose]();
  }

  /** Breaks the connection off. */
  async reset(): Promise<void> {
    this.#socket.resetAndDestroy();
    await this.#closed.promise;
  }

  /** Closes the connection, whatever is on its way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.#closed.promise;
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#inbox.finish("reset");
  }

  /** Where what is due ends in the inbox, -1 if it has not come. */
  #endOf(due: number | string): number {
    const { bytes } = this.#inbox;
    if (typeof due === "number") return bytes.length < due ? -1 : due;
    const wanted = new TextEncoder().encode(due);
    const at = indexOfNeedle(bytes, wanted);
    return at === -1 ? -1 : at + wanted.length;
  }

  /** Waits until something has come. */
  async #until(what: string, come: () => boolean): Promise<void> {
    const late = setTimeout(() => {
      const seconds = PATIENCE / 1000;
      this.#fail(new DemoError(`${what} did not come within ${seconds} s`));
    }, PATIENCE);
    try {
      while (!come()) {
        if (this.#failure !== null) throw this.#failure;
        if (this.#ended || this.#socket.destroyed) {
          throw new DemoError(`the end came before ${what}`);
        }
        await this.#inbox.change;
      }
    } finally {
      clearTimeout(late);
    }
  }

  /** Waits until the system has done something, or the connection is over. */
  async #done(start: (done: () => void) => void): Promise<void> {
    const done = new Promise<void>((resolve) => start(() => resolve()));
    await Promise.race([done, this.#closed.promise]);
    if (this.#failure !== null) throw this.#failure;
  }
}

/** What happened, without the names of system calls. */
function explain(error: Error & { code?: string }): DemoError {
  switch (error.code) {
    case "ECONNREFUSED":
      return new DemoError("nobody listens on the port");
    case "ECONNRESET":
      return new DemoError("the connection was reset");
    default:
      return new DemoError(error.message);
  }
}
