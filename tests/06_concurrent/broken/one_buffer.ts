/**
 * Has one buffer for all clients.
 *
 * Fails: gives each client its own bytes
 * Words: got something else
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5002 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const buffer = new Uint8Array(1024);

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
  try {
    await echo(conn);
    console.log(`${peer} disconnected`);
  } catch (error) {
    console.log(`${peer} disconnected:`, error);
  } finally {
    conn.close();
  }
}

/** Sends back everything until the client stops sending. */
async function echo(conn: Deno.TcpConn): Promise<void> {
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return;
    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}
