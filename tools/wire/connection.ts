/**
 * A client's connection and the one to the server behind it.
 *
 * @module
 */
import type { Socket } from "node:net";
import { formatAddress } from "../../lib/address.ts";
import { Random } from "../../tests/grader/random.ts";
import { Direction } from "./direction.ts";
import type { Open, Waiting } from "./state.ts";
import type { Happening, Side } from "./trace.ts";
import type { Troubles } from "./trouble.ts";

/** How long a reset waits for what was written before it, in milliseconds. */
const RESET_AFTER = 100;

const SIDES = ["client", "server"] as const;

/** What a {@linkcode Connection} is made of. */
export interface ConnectionOptions {
  /** Its number, from 1. */
  number: number;
  /** The client, as it was accepted. */
  client: Socket;
  /** The connection to the server. */
  server: Socket;
  /** What is done to the bytes now. */
  troubles: () => Troubles;
  /** Where everything random comes from. */
  seed: number;
  /** Is told what happens. */
  record: (happening: Happening) => void;
  /** Is called when it is over. */
  onOver: () => void;
}

/** Two connections that look like one to both sides. */
export class Connection {
  readonly number: number;
  readonly #options: ConnectionOptions;
  readonly #directions: Record<Side, Direction>;
  #directionsLeft = 2;
  #over = false;

  /** Begins to pass on. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { number, client, server, record } = options;
    this.number = number;
    record({
      kind: "connect",
      client: peerOf(client),
      server: peerOf(server),
    });
    this.#directions = {
      client: this.#direction("client"),
      server: this.#direction("server"),
    };
    for (const side of SIDES) {
      const socket = options[side];
      socket.setNoDelay(true);
      socket.on("error", () => this.#broken(side));
      this.#directions[side].start();
    }
  }

  #direction(from: Side): Direction {
    const { number, seed, troubles, record } = this.#options;
    return new Direction({
      from,
      source: this.#options[from],
      sink: this.#options[otherThan(from)],
      trouble: () => troubles()[from],
      random: new Random(seed, `${number} ${from}`),
      record,
      onReset: () => this.reset(),
      onDone: () => {
        if (--this.#directionsLeft === 0) this.#close();
      },
    });
  }

  /** Looks again at what is to be done to the bytes. */
  change(): void {
    for (const side of SIDES) this.#directions[side].change();
  }

  /** Tells the other side that this one sends no more. */
  halfClose(from: Side): void {
    this.#directions[from].halfClose();
  }

  /** Breaks it off for both sides. */
  async reset(): Promise<void> {
    if (this.#over) return;
    this.#end({ kind: "reset", by: "wire" });
    await Promise.all(SIDES.map((side) => this.#written(side)));
    for (const side of SIDES) this.#options[side].resetAndDestroy();
  }

  /**
   * What is on its way, in both directions.
   *
   * @param between Says what the system has between two ports of this machine.
   */
  open(between: (from?: number, to?: number) => number | undefined): Open {
    const waiting = (from: Side): Waiting => {
      const source = this.#options[from];
      const sink = this.#options[otherThan(from)];
      return {
        before: between(source.remotePort, source.localPort) ?? null,
        wire: this.#directions[from].waiting,
        behind: between(sink.localPort, sink.remotePort) ?? null,
      };
    };
    return {
      conn: this.number,
      waiting: { client: waiting("client"), server: waiting("server") },
    };
  }

  /** One side has broken it off: the other one has to see that too. */
  async #broken(by: Side): Promise<void> {
    if (this.#over) return;
    this.#end({ kind: "reset", by });
    await this.#written(by);
    this.#options[otherThan(by)].resetAndDestroy();
    this.#options[by].destroy();
  }

  /** Waits until what was sent before has arrived, as without a proxy. */
  async #written(from: Side): Promise<void> {
    await this.#directions[from].written(RESET_AFTER);
  }

  /** Both directions have ended in order. */
  #close(): void {
    if (this.#over) return;
    this.#end({ kind: "close" });
    for (const side of SIDES) this.#options[side].destroy();
  }

  #end(how: Happening): void {
    this.#over = true;
    for (const side of SIDES) this.#directions[side].stop();
    this.#options.record(how);
    this.#options.onOver();
  }
}

/** Who is at the other end: nobody any more has no address. */
function peerOf({ remoteAddress = "?", remotePort = 0 }: Socket): string {
  return formatAddress({ hostname: remoteAddress, port: remotePort });
}

function otherThan(side: Side): Side {
  return side === "client" ? "server" : "client";
}
