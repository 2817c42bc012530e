/**
 * Has a new decoder for every read.
 *
 * Fails: acknowledges every line, however the bytes come
 * Words: client 1 got another line
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5004 : Number(Deno.args[flag + 1]);

const logFlag = Deno.args.indexOf("--log");
const file = logFlag === -1 ? undefined : Deno.args[logFlag + 1];
if (file !== undefined) await endLastLine(file);

async function endLastLine(file: string): Promise<void> {
  try {
    const text = await Deno.readTextFile(file);
    if (text === "" || text.endsWith("\n")) return;
    await Deno.writeTextFile(file, "\n", { append: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function attend(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4096);
  const messages: string[] = [];
  let rest = "";
  while (rest.length <= 65_536) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const chunk = new TextDecoder().decode(buffer.subarray(0, count));
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const text = line.replace(/\r$/, "");
      if (text === "HISTORY") {
        const list = messages.map((text, index) => `${index + 1}: ${text}\n`);
        await send(conn, `${list.join("")}END\n`);
      } else {
        await acknowledge(conn, text);
        messages.push(text);
      }
    }
  }
}

async function acknowledge(conn: Deno.TcpConn, text: string): Promise<void> {
  const now = new Date();
  if (file !== undefined) {
    const { hostname, port } = conn.remoteAddr;
    const peer = `${hostname}:${port}`;
    const entry = { time: now.toISOString(), peer, text };
    await Deno.writeTextFile(file, `${JSON.stringify(entry)}\n`, {
      append: true,
    });
  }
  const time = now.toTimeString().slice(0, 8);
  console.log(`[SERVER] @${time} Client: ${text.replace(/\p{C}/gu, "?")}`);
  await send(conn, `[ACK @${time}] ${text}\n`);
}

async function send(conn: Deno.TcpConn, text: string): Promise<void> {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`[SERVER] Listening on 127.0.0.1:${listener.addr.port}`);
for await (const conn of listener) {
  attend(conn)
    .catch((error) =>
      console.log(`[SERVER] A session failed: ${error.message}`)
    )
    .finally(() => conn.close());
}
