/**
 * Reads with conn.readable, which closes the connection at the end of the
 * stream, although replies are owed still.
 *
 * Fails: answers all that came before the end, and no unfinished line
 * Words: the connection was closed
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5005 : Number(Deno.args[flag + 1]);

async function send(conn: Deno.Conn, text: string): Promise<void> {
  let pending = new TextEncoder().encode(text);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

async function serve(conn: Deno.Conn): Promise<void> {
  let text = "";
  let number = 0;
  const chunks = conn.readable.pipeThrough(new TextDecoderStream());
  for await (const chunk of chunks) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      await send(conn, `${++number}: ${line.replace(/\r$/, "")}\n`);
    }
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  try {
    const conn = await listener.accept();
    await serve(conn);
  } catch (error) {
    console.log("The connection broke off:", error);
  }
}
