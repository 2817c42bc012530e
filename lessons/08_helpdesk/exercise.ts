/**
 * Exercise 08: a helpdesk that remembers.
 *
 * It acknowledges every line already. Have it write each message to a file
 * before the acknowledgement goes out, so that nothing that was acknowledged is
 * lost when the server is killed; and answer HISTORY with the session's lines.
 *
 * Work on a copy: work/08_helpdesk/exercise.ts
 * Run it:         deno run -N=127.0.0.1 -R=work -W=work work/08_helpdesk/exercise.ts --log work/08_helpdesk/log.jsonl
 * Try it:         deno task helpdesk-client --interactive
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5004 : Number(Deno.args[flag + 1]);

// STEP 1: Find the name of the file behind --log, as --port is found above.
//         Without --log there is no file, and all the rest works the same.

// STEP 2: A crash may have cut off the last line of the file. Read the file, if
//         it is there (Deno.readTextFile throws Deno.errors.NotFound if it is
//         not). If it does not end with "\n", append one, so that the next
//         message begins on a line of its own. Leave the old bytes alone.

/** Logs and acknowledges the lines of one session. */
async function attend(conn: Deno.TcpConn): Promise<void> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(4096);
  let rest = ""; // The beginning of a line whose newline has not come yet.
  while (rest.length <= 65_536) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const chunk = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) await acknowledge(conn, line.replace(/\r$/, ""));
  }
}

/** Answers one message. */
async function acknowledge(conn: Deno.TcpConn, text: string): Promise<void> {
  // STEP 3: HISTORY is a question, not a message. Answer it with the earlier
  //         messages of this session, each as "N: TEXT\n", N from 1, then
  //         "END\n"; and write it nowhere. For that, remember the messages: in
  //         a list of this session, so that no client sees those of another.

  // STEP 4: Append {"time": ..., "peer": ..., "text": ...} and "\n" to the
  //         file. You need: JSON.stringify, new Date().toISOString(),
  //         conn.remoteAddr, and Deno.writeTextFile(file, line, { append: true }).
  //         Wait for it, and only then send the acknowledgement.

  const time = new Date().toTimeString().slice(0, 8);
  // A terminal obeys control characters: none of a client's may reach it.
  console.log(`[SERVER] @${time} Client: ${text.replace(/\p{C}/gu, "?")}`);
  let pending = new TextEncoder().encode(`[ACK @${time}] ${text}\n`);
  while (pending.length > 0) {
    pending = pending.subarray(await conn.write(pending));
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`[SERVER] Listening on 127.0.0.1:${listener.addr.port}`);
for await (const conn of listener) {
  // Not awaited: the next client is served meanwhile. So its errors end here.
  attend(conn)
    .catch((error) =>
      console.log(`[SERVER] A session failed: ${error.message}`)
    )
    .finally(() => conn.close());
}
