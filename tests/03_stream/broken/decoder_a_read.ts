/**
 * Makes text of each read, and cuts the text.
 *
 * Fails: keeps a character whole that was cut in two
 * Words: replacement character
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
  const buffer = new Uint8Array(1024);
  let text = "";
  let number = 0;
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return;
    text += new TextDecoder().decode(buffer.subarray(0, count));
    const lines = text.split("\n");
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
    using conn = await listener.accept();
    await serve(conn);
  } catch (error) {
    console.log("The connection broke off:", error);
  }
}
