/**
 * Does not stop the clock of a client that has left.
 *
 * Fails: gives a client all its time again whenever bytes come
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
  try {
    await echo(conn);
    console.log("Client disconnected");
  } catch (error) {
    console.log("Client disconnected:", error);
  }
}

/** Sends back what the client sends, until it ends or is silent too long. */
async function echo(conn: Deno.TcpConn): Promise<void> {
  using _ = conn; // Closes it unless the clock has.
  const buffer = new Uint8Array(1024);
  while (true) {
    const clock = setTimeout(async () => {
      await conn.write(new TextEncoder().encode("Too slow\n"));
      conn.close();
    }, patience * 1000);
    const count = await conn.read(buffer); // Interrupted, if the clock runs out.
    if (count === null) return;
    clearTimeout(clock);
    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}
