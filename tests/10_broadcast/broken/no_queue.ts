/**
 * Sends to each without waiting, and has no queue: several sends write to the
 * same connection at once.
 *
 * Fails: keeps long lines whole that several send at the same time
 * Words: got another line
 * Fails: lets go of a client for which more than 1 MiB waits
 * Words: client 1 got nothing
 * Fails: sends all to a client that is behind by less, and reads again
 * Words: client 3 got something else
 * Fails: sends what it owes after the client's last word, then closes
 * Words: client 3 got
 *
 * @module
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65435 : Number(Deno.args[flag + 1]);

/** How long a client that sends no more may take to read, in milliseconds. */
const LAST_CHANCE = 2000;

/** Sends to one client. */
class Queue {
  readonly #conn: Deno.TcpConn;
  #sending: Promise<void> | null = null;
  #over = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    conn.setNoDelay(); // Else each small part waits for the last one.
  }

  /** Begins to send `text`. Waits for nobody, never throws. */
  push(text: string): void {
    if (this.#over) return;
    this.#sending = this.#send(new TextEncoder().encode(text));
  }

  /** Waits until all is sent, but not for ever; then closes the connection. */
  async finish(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LAST_CHANCE);
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    this.#end();
  }

  /** Sends all of it, a part at a time. */
  async #send(bytes: Uint8Array): Promise<void> {
    try {
      let pending = bytes;
      while (pending.length > 0) {
        const part = pending.subarray(0, 4096);
        pending = pending.subarray(await this.#conn.write(part));
      }
    } catch {
      this.#end();
    }
  }

  /** Closes the connection, once: the read in the task of the client ends. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#conn.close();
  }
}

/** Everybody who has given a name. */
const members = new Set<Queue>();

/** One client, from its welcome to its end. Never throws. */
async function serveClient(conn: Deno.TcpConn): Promise<void> {
  const peer = `127.0.0.1:${conn.remoteAddr.port}`;
  const queue = new Queue(conn);
  let name: string | undefined;
  queue.push("Welcome! Enter your name:\n");
  try {
    for await (const line of readLines(conn)) {
      if (name === undefined) {
        name = line.trim().replace(/\p{C}/gu, "?").slice(0, 32) || peer;
        console.log(`${name} joined from ${peer}`);
        queue.push(`Hello ${name}! You can chat now.\n`);
        tell(`${name} has joined the chat.\n`);
        members.add(queue);
      } else {
        tell(`${name}: ${line}\n`);
      }
    }
  } catch (error) {
    console.log(`${name ?? "Somebody"} failed: ${(error as Error).message}`);
  } finally {
    members.delete(queue);
    console.log(`${name ?? "Somebody"} left from ${peer}`);
    if (name !== undefined) tell(`${name} has left the chat.\n`);
    await queue.finish();
  }
}

/** Sends `text` to everybody in the room, and waits for nobody. */
function tell(text: string): void {
  for (const member of members) member.push(text);
}

/** The lines that a client sends. One of over 65 536 characters ends them. */
async function* readLines(conn: Deno.TcpConn): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(4096);
  let rest = ""; // The beginning of a line whose newline has not come yet.
  while (rest.length <= 65_536) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const chunk = decoder.decode(buffer.subarray(0, count), { stream: true });
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
while (true) {
  try {
    serveClient(await listener.accept());
  } catch (error) {
    // A client was gone before its turn: on to the next one. Or no file is left
    // for another connection, and then it takes a while (lesson 06).
    if (error instanceof Deno.errors.NotConnected) continue;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
