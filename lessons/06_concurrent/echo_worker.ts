/**
 * One worker of workers_server.ts: a thread with a listener, an event loop and
 * a memory of its own. It shares nothing with the others but the port.
 *
 * Run: deno task workers-server, which starts it
 *
 * @module
 */
import { acceptAll } from "./concurrent_server.ts";

/** What a worker is told when it starts. */
export interface Order {
  hostname: string;
  /** The port, or 0 for any free one. */
  port: number;
  /** What its lines of the log begin with. */
  name: string;
}

/** What a worker answers: it accepts connections, or it cannot. */
export type Answer =
  | { address: Deno.NetAddr }
  | { error: { name: string; message: string } };

/** What this thread and the one that started it say to each other. */
declare const self: {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(answer: Answer): void;
};

self.onmessage = async ({ data: { hostname, port, name } }) => {
  try {
    // The very server of concurrent_server.ts, but for this word: reusePort.
    using listener = Deno.listen({ hostname, port, reusePort: true });
    self.postMessage({ address: listener.addr });
    await acceptAll(listener, {
      log: (line) => console.log(`[${name}] ${line}`),
    });
  } catch (error) {
    // An error loses its class on the way to another thread: send its parts.
    const { name, message } = error as Error;
    self.postMessage({ error: { name, message } });
  }
};
