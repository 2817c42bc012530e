/**
 * Connections through the proxy, with the test at both ends.
 *
 * @module
 */
import { within } from "../../deadline.ts";
import { close, type Pair } from "../../loopback.ts";
import { TcpProxy } from "../../../tools/wire/proxy.ts";
import { Recording } from "../../../tools/wire/recording.ts";
import type { Framing } from "../../../tools/wire/framing.ts";
import type { TraceEvent } from "../../../tools/wire/trace.ts";
import { NONE, type Trouble } from "../../../tools/wire/trouble.ts";

/** Options of {@linkcode Through.make}. */
export interface ThroughOptions {
  /** What is done to what the client sends. */
  client?: Partial<Trouble>;
  /** What is done to what the server sends. */
  server?: Partial<Trouble>;
  framing?: Framing;
  seed?: number;
}

/** A proxy, and a server of the test behind it. */
export class Through implements AsyncDisposable {
  readonly recording: Recording;
  readonly proxy: TcpProxy;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  #port = 0;

  private constructor(options: ThroughOptions) {
    const { framing = "none", seed = 1, client, server } = options;
    this.recording = new Recording({ to: "the test", framing });
    const { port } = this.#listener.addr;
    this.proxy = new TcpProxy({
      to: () => ({ hostname: "127.0.0.1", port }),
      recording: this.recording,
      seed,
      troubles: {
        client: { ...NONE, ...client },
        server: { ...NONE, ...server },
      },
    });
  }

  static async make(options: ThroughOptions = {}): Promise<Through> {
    const through = new Through(options);
    const address = { hostname: "127.0.0.1", port: 0 };
    through.#port = (await through.proxy.listen(address)).port;
    return through;
  }

  /** The port of the proxy. */
  get port(): number {
    return this.#port;
  }

  /** What has happened so far. */
  get events(): TraceEvent[] {
    return Array.from(this.recording.all(), ({ event }) => event);
  }

  /** Waits until something like this has happened. */
  async happens(is: (event: TraceEvent) => boolean): Promise<TraceEvent> {
    const { promise, resolve } = Promise.withResolvers<TraceEvent>();
    using _ = this.recording.listen((event) => {
      if (is(event)) resolve(event);
    });
    const before = this.events.find(is);
    if (before !== undefined) resolve(before);
    return await within("an event", promise);
  }

  /** The next connection, as the server has it. */
  async accept(): Promise<Deno.TcpConn> {
    const conn = await within("the proxy", this.#listener.accept());
    conn.setNoDelay();
    return conn;
  }

  /** Connects through the proxy. */
  async connect(): Promise<Pair> {
    const client = await Deno.connect({ port: this.#port });
    client.setNoDelay();
    const server = await this.accept();
    return {
      client,
      server,
      [Symbol.dispose]() {
        for (const conn of [client, server]) close(conn);
      },
    };
  }

  /** From now on nobody listens behind the proxy. */
  stopListening(): void {
    close(this.#listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#listener);
    await this.proxy[Symbol.asyncDispose]();
  }
}
