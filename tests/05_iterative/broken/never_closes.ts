/**
 * Does not close the connection of a client that has ended.
 *
 * Fails: sends what it owes after the client's last word, then closes
 * Words: does not close the connection
 * Fails: serves one client at a time, in the order in which they came
 * Words: does not close the connection
 * Fails: goes on when a client resets its connection before its turn
 * Words: does not close the connection
 * Fails: gives a client all its time again whenever bytes come
 * Words: does not close the connection
 * Fails: does not count the time that a client waits for its turn
 * Words: does not close the connection
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
  try {
    await echo(conn);
    console.log("Client disconnected");
  } catch (error) {
    console.log("Client disconnected:", error);
  }
}

/** Sends back what the client sends, until it ends or is silent too long. */
async function echo(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (true) {
    const clock = setTimeout(() => sendAway(conn), patience * 1000);
    let count: number | null;
    try {
      count = await conn.read(buffer); // Interrupted, if the clock runs out.
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
