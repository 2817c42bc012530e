/**
 * A server that is too busy to accept anybody.
 *
 * @module
 */

/** Somebody listens on `port`; who connects is let wait by the system. */
export interface FullQueue extends Disposable {
  port: number;
}

/** Fills the queue of a listener. On Linux: others answer with a reset. */
export async function listenWithFullQueue(): Promise<FullQueue> {
  using stack = new DisposableStack();
  const listener = stack.use(Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    tcpBacklog: 1,
  }));
  const { port } = listener.addr;
  // One more than the backlog are connected, though nobody accepts them.
  stack.use(await Deno.connect({ port }));
  stack.use(await Deno.connect({ port }));
  const kept = stack.move();
  return { port, [Symbol.dispose]: () => kept.dispose() };
}
