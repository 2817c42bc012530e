/**
 * Forgets the newline behind its words.
 *
 * Fails: tells a silent client that it is too slow, and serves the next
 * Words: The newline at the end is missing
 * Fails: tells a client that falls silent, after all that it is owed
 * Words: The newline at the end is missing
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
  using _ = conn; // Closes it unless sendAway has.
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
    await conn.write(new TextEncoder().encode("Too slow"));
    conn.close();
  } catch {
    // It has gone by itself.
  }
}
