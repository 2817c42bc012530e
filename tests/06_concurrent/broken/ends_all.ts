/**
 * Closes the connections of all clients when one resets its own.
 *
 * Fails: ends nobody else when a client resets its connection
 * Words: client 1 got nothing
 * Fails: ends nobody else when a client resets it in the middle of an answer
 * Words: client 1 got nothing
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5002 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const clients = new Set<Deno.TcpConn>();

while (true) {
  try {
    const conn = await listener.accept();
    serveClient(conn); // No await: the next client is accepted meanwhile.
  } catch (error) {
    console.log("Cannot accept a client:", error);
    // With no file left the error comes again at once, so wait a little.
    if (!(error instanceof Deno.errors.NotConnected)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The task of one client. Nobody awaits it, so it must not throw. */
async function serveClient(conn: Deno.TcpConn): Promise<void> {
  const peer = `127.0.0.1:${conn.remoteAddr.port}`;
  console.log(`Connected by ${peer}`);
  clients.add(conn);
  try {
    await echo(conn);
    clients.delete(conn);
    conn.close();
    console.log(`${peer} disconnected`);
  } catch (error) {
    console.log(`${peer} disconnected:`, error);
    for (const client of clients) client.close();
    clients.clear();
  }
}

/** Sends back everything until the client stops sending. */
async function echo(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024); // One for each client.
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return;
    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}
