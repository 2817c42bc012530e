/**
 * Ends with its first client.
 *
 * Fails: closes when its client has ended, and serves the next
 * Words: the program has ended with status 0
 * Fails: closes on a length over 16 MiB, and serves the next
 * Words: the program has ended with status 0
 * Fails: gives a frame that is cut off no answer, and serves the next
 * Words: the program has ended with status 0
 *
 * @module
 */
const MAX_LENGTH = 16 * 1024 * 1024;

const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5007 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

const conn = await listener.accept();
console.log(`Connected by 127.0.0.1:${conn.remoteAddr.port}`);
try {
  await answerFrames(conn);
} catch (error) {
  console.log("The connection broke off:", error);
}
conn.close();
listener.close();
console.log("Client disconnected");

/** Answers frame after frame, until the client ends or breaks the rules. */
async function answerFrames(conn: Deno.TcpConn): Promise<void> {
  while (true) {
    const header = await readExactly(conn, 4);
    if (header === null) return;
    const length = new DataView(header.buffer).getUint32(0);
    if (length > MAX_LENGTH) return; // No room is made for it.
    const message = await readExactly(conn, length);
    if (message === null) return; // Cut off: it gets no answer.

    const answer = new Uint8Array(4 + length);
    new DataView(answer.buffer).setUint32(0, length);
    answer.set(message.reverse(), 4);
    let pending = answer;
    while (pending.length > 0) {
      pending = pending.subarray(await conn.write(pending));
    }
  }
}

/** Reads `length` bytes, and not one more; `null` if the end comes before. */
async function readExactly(
  conn: Deno.TcpConn,
  length: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(length);
  let received = 0;
  while (received < length) {
    const count = await conn.read(bytes.subarray(received));
    if (count === null) return null;
    received += count;
  }
  return bytes;
}
