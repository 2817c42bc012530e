/**
 * The grader's end of a connection: it says what a check tells it to, and keeps
 * what comes.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Socket } from "node:net";
import type { Conversation } from "./conversation.ts";
import { CheckFailure } from "./failure.ts";
import { Inbox } from "./inbox.ts";
import { LATE, type Patience } from "./patience.ts";
import { isHeld, type Ports, type Queues, queuesOf } from "./queues.ts";

/** After so many pieces of a message it is made sure that they were read. */
const SURE_PIECES = 2;

/** What all connections of one check have in common. */
export interface WireContext {
  /** Where everything that is sent and received is noted. */
  conversation: Conversation;
  /** How long to wait. */
  patience: Patience;
  /** Waits a moment for the program's end, which may be on its way. */
  settle(): Promise<void>;
  /** Says that the program has ended and how; `undefined` while it runs. */
  end(): { message: string; shown: string[] } | undefined;
}

/** Options of {@linkcode Wire.send}. */
export interface SendOptions {
  /**
   * The pieces to send one after the other; `"bytes"` is one byte each.
   *
   * Each of the first two is a read of its own: the next one waits until the
   * program has read it, where that can be known (on one machine, with Linux)
   * and does not take too long. The others are that most of the time.
   */
  pieces?: Uint8Array[] | "bytes";
}

/** Bytes or text: text is sent as UTF-8. */
export type Data = string | Uint8Array;

/** The bytes of `data`. */
export function bytesOf(data: Data): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}

/** One connection, as the grader holds it: what it does to it. */
export class Wire {
  /** What the conversation calls it: `client 1`. */
  readonly name: string;
  readonly #socket: Socket;
  /** What it has in common with the others. */
  protected readonly context: WireContext;
  /** What has come and was not expected yet. */
  protected readonly inbox: Inbox = new Inbox();

  /**
   * Takes over a connection.
   *
   * @param name What the conversation calls it.
   * @param socket The connection, with `allowHalfOpen`.
   * @param context What it has in common with the others.
   */
  constructor(name: string, socket: Socket, context: WireContext) {
    this.name = name;
    this.#socket = socket;
    this.context = context;
    socket.setNoDelay(true);
    const { conversation } = context;
    const inbox = this.inbox;
    socket.on("data", (chunk: Uint8Array) => {
      conversation.received(name, chunk);
      inbox.add(chunk);
    });
    socket.on("end", () => {
      if (inbox.over === null) conversation.note(name, "end of the stream");
      inbox.finish("closed");
    });
    socket.on("error", () => {
      if (inbox.over === null) {
        conversation.note(name, "the connection was reset");
      }
      inbox.finish("reset");
    });
    socket.on("close", () => inbox.finish("closed"));
  }

  /** Its own address, `IP:PORT`. */
  get address(): string {
    return `${this.#socket.localAddress}:${this.#socket.localPort}`;
  }

  /**
   * Sends `data`, in one piece unless told otherwise, and waits until the
   * system has taken it. A connection that is gone is no error here: what is
   * expected next says so.
   *
   * @throws {CheckFailure} If the program does not read, so that it cannot go
   * out.
   */
  async send(data: Data, options: SendOptions = {}): Promise<void> {
    const bytes = bytesOf(data);
    const { pieces = [bytes] } = options;
    const list = pieces === "bytes"
      ? Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
      : pieces;
    for (const [index, piece] of list.entries()) {
      if (index > 0) await delay(1);
      if (index > 0 && index <= SURE_PIECES) await this.#untilRead();
      this.context.conversation.sent(this.name, piece);
      const sent = new Promise<void>((resolve) =>
        this.#socket.write(piece, () => resolve())
      );
      if (await this.context.patience.wait(sent) === LATE) {
        throw new CheckFailure(
          `${this.name} cannot send any more: the program does not read`,
        );
      }
    }
  }

  /**
   * What waits at the program's end, or at the grader's; `undefined` where
   * nobody says.
   */
  async queues(
    end: "program" | "grader" = "program",
  ): Promise<Queues | undefined> {
    const ports = this.#ports;
    if (ports === undefined) return undefined;
    const { program, grader } = ports;
    return await queuesOf(
      end === "program" ? ports : { program: grader, grader: program },
    );
  }

  /** The ports of both ends, while the connection is open. */
  get #ports(): Ports | undefined {
    const { remotePort: program, localPort: grader } = this.#socket;
    return program === undefined || grader === undefined
      ? undefined
      : { program, grader };
  }

  /** Waits until the program has read what was sent, but not for ever. */
  async #untilRead(): Promise<void> {
    const late = performance.now() + this.context.patience.limit;
    while (((await this.queues())?.unread ?? 0) > 0) {
      if (performance.now() > late) return;
      await delay(1);
    }
  }

  /**
   * Begins to send `data`, and waits for nobody.
   *
   * @returns Resolves when the system has taken it; one need not wait for that.
   */
  sendAside(data: Data): Promise<void> {
    const bytes = bytesOf(data);
    this.context.conversation.sent(this.name, bytes);
    return new Promise((resolve) => this.#socket.write(bytes, () => resolve()));
  }

  /** Stops reading: what the program sends is left lying. */
  stopReading(): void {
    this.context.conversation.note(this.name, "does not read any more");
    this.#socket.pause();
  }

  /** Reads again. */
  readAgain(): void {
    this.context.conversation.note(this.name, "reads again");
    this.#socket.resume();
  }

  /** Says that it will send no more; it can still receive. */
  halfClose(): void {
    this.context.conversation.note(
      this.name,
      "says that it will send no more",
    );
    this.#socket.end();
  }

  /** Breaks the connection off with a reset (RST), which is out at once. */
  async reset(): Promise<void> {
    this.context.conversation.note(this.name, "resets the connection");
    this.inbox.finish("reset");
    const ports = this.#ports;
    await this.drop();
    await this.#untilReleased(ports);
  }

  /** Breaks it off and says nothing about it: for the end of a check. */
  async drop(): Promise<void> {
    await this.#closed(() => this.#socket.resetAndDestroy());
  }

  /** Closes the connection in both directions. */
  async close(): Promise<void> {
    this.context.conversation.note(this.name, "closes the connection");
    const ports = this.#ports;
    // Everything was read, or the system would send a reset instead.
    await this.#closed(() => this.#socket.end(() => this.#socket.destroy()));
    await this.#untilReleased(ports);
  }

  /** Waits until nobody holds this end any more, but not for ever. */
  async #untilReleased(ports: Ports | undefined): Promise<void> {
    const late = performance.now() + this.context.patience.limit;
    while (ports !== undefined && await isHeld(ports)) {
      if (performance.now() > late) return;
      await delay(1);
    }
  }

  /** Waits until the socket is closed, as it will be after `close`. */
  async #closed(close: () => void): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = new Promise<void>((resolve) =>
      this.#socket.once("close", () => resolve())
    );
    close();
    await closed;
  }
}
