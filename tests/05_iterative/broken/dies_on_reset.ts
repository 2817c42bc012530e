/**
 * Does not catch what a reset makes of a read.
 *
 * Fails: goes on when a client resets its connection
 * Words: the program has ended with status 1
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5001 : Number(Deno.args[flag + 1]);

const patienceFlag = Deno.args.indexOf("--patience");
const patience = patienceFlag === -1 ? 5 : Number(Deno.args[patienceFlag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  let conn: Deno.TcpConn;
  try {
    conn = await listener.accept();
  } catch (error) {
    console.log("A client left before its turn:", error);
    continue;
  }
  console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);
  await echo(conn);
  console.log("Client disconnected");
}

/** Sends back what the client sends, until it ends or is silent too long. */
async function echo(conn: Deno.TcpConn): Promise<void> {
  using _ = conn; // Closes it unless sendAway has.
  const buffer = new Uint8Array(1024);
  while (true) {
    const clock = setTimeout(() => sendAway(conn), patience * 1000);
    let count: number | null;
    try {
      count = await conn.read(buffer); // Interrupted, if the clock runs out.
    } catch (error) {
      if (error instanceof Deno.errors.Interrupted) return;
      throw error;
    } finally {
      clearTimeout(clock);
    }
    if (count === null) return;
    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}

/** Tells a client that it is too slow. Nobody awaits this: it must not throw. */
async function sendAway(conn: Deno.TcpConn): Promise<void> {
  try {
    await conn.write(new TextEncoder().encode("Too slow\n"));
    conn.close();
  } catch {
    // It has gone by itself.
  }
}
