/**
 * Accepts all at once, and starts their clocks before their turn.
 *
 * Fails: does not count the time that a client waits for its turn
 * Words: client 2 got something else
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5001 : Number(Deno.args[flag + 1]);

const patienceFlag = Deno.args.indexOf("--patience");
const patience = patienceFlag === -1 ? 5 : Number(Deno.args[patienceFlag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

type Clock = ReturnType<typeof setTimeout>;
const waiting: { conn: Deno.TcpConn; clock: Clock }[] = [];
let wake = () => {};
acceptAll();

while (true) {
  const next = waiting.shift();
  if (next === undefined) {
    await new Promise<void>((resolve) => wake = resolve);
    continue;
  }
  try {
    await echo(next.conn, next.clock);
    console.log("Client disconnected");
  } catch (error) {
    console.log("Client disconnected:", error);
  }
}

/** Accepts everybody, so that nobody has to wait for a connection. */
async function acceptAll(): Promise<never> {
  while (true) {
    try {
      const conn = await listener.accept();
      const clock: Clock = setTimeout(
        () => sendAway(conn),
        patience * 1000,
      );
      waiting.push({ conn, clock });
      wake();
    } catch (error) {
      console.log("A client left before its turn:", error);
    }
  }
}

/** Sends back what the client sends, until it ends or is silent too long. */
async function echo(conn: Deno.TcpConn, first: Clock): Promise<void> {
  using _ = conn; // Closes it unless sendAway has.
  const buffer = new Uint8Array(1024);
  let clock = first;
  while (true) {
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
    clock = setTimeout(() => sendAway(conn), patience * 1000);
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
