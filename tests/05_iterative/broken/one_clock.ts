/**
 * Has one clock for the whole visit of a client.
 *
 * Fails: gives a client all its time again whenever bytes come
 * Words: and was not. Start the clock when
 * Fails: does not count the time that a client waits for its turn
 * Words: and was not. Start the clock when
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
  const clock = setTimeout(() => sendAway(conn), patience * 1000);
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) {
      clearTimeout(clock);
      return;
    }
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
