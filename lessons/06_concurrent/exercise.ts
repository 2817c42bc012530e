/**
 * Exercise 06: make an iterative server concurrent, and hard to end.
 *
 * It works: it echoes, for one client after the other. Make it serve all of
 * them at the same time, and let no client end it.
 *
 * Work on a copy: work/06_concurrent/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/06_concurrent/exercise.ts
 * Try it:         deno task echo-client --port 5002, in two terminals
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5002 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const buffer = new Uint8Array(1024);

while (true) {
  const conn = await listener.accept();

  // STEP 1: Here the server waits until this client has gone. Do not wait:
  //         start the work for this client, and accept the next one.
  await serveClient(conn);
}

async function serveClient(conn: Deno.TcpConn): Promise<void> {
  const peer = `127.0.0.1:${conn.remoteAddr.port}`;
  console.log(`Connected by ${peer}`);

  // STEP 2: With one client at a time, one buffer was enough. Now the reads of
  //         several clients are under way at the same time. What one has sent
  //         must not be overwritten by another before it is sent back.

  // STEP 3: A read or a write throws when the client resets the connection.
  //         Catch it here, say in the log what happened, and let it reach
  //         nobody else: without a catch it ends the whole server.
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) break;
    let pending = buffer.subarray(0, count);
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }

  // STEP 4: Close the connection whatever has happened, also after an error.
  //         You need: using, or try and finally.
  conn.close();
  console.log(`${peer} disconnected`);
}

// STEP 5: Look at accept again: it can throw as well. A client may have reset
//         its connection before its turn, or the system has no file left for
//         another connection. Neither may end the server. The second one comes
//         again at once, so wait a little before the next accept.
