/**
 * What Ada, who talks and listens, notices of a client that does not read.
 *
 * @module
 */
import { writeAll } from "../../lib/bytes.ts";
import { readLines } from "../../lib/lines.ts";

/** How often Ada says something, in milliseconds. */
export const INTERVAL = 100;

/** How many messages she sends before the sleeper joins, and after its end. */
const QUIET = 10;

/** How long, in milliseconds, the sleeper is watched at most. */
const LIMIT = 8000;

/** How much the others say at a time: the buffers take a few megabytes. */
const CHATTER_LENGTH = 32_768;

/** How long they take breath, in milliseconds. */
const BREATH = 5;

/** One message of Ada's. */
export interface RoundTrip {
  /** Whether the sleeper was not there yet, there, or there no more. */
  phase: "before" | "with" | "after";
  /** How long, in milliseconds, until she heard it, or stopped waiting. */
  ms: number;
}

/** A server to run the experiment with. */
export type Server = (
  listener: Deno.TcpListener,
  options: { signal: AbortSignal; log: (line: string) => void },
) => Promise<void>;

/**
 * Starts the server, and ends it afterwards. If it does not let the sleeper go
 * in time, there is nothing to tell of after it.
 */
export async function experiment(
  server: Server,
  talkerCount: number,
): Promise<RoundTrip[]> {
  const stop = new AbortController();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  let gone = false;
  const served = server(listener, {
    signal: stop.signal,
    log: (line) => gone ||= line.startsWith("Sleeper left"),
  });

  const ada = await Client.join(port, "Ada");
  const talkers: Client[] = [];
  for (let number = 1; number <= talkerCount; number++) {
    talkers.push(await Client.join(port, `Talker ${number}`));
  }
  const chatter = "bla ".repeat(CHATTER_LENGTH / 4 / talkerCount);
  const talking = talkers.map((talker) => talker.talk(chatter));

  const trips: RoundTrip[] = [];
  async function measure(phase: RoundTrip["phase"], end = Infinity) {
    // One clock, of one program: both times are its own.
    const start = performance.now();
    const limit = wait(Math.min(LIMIT, end - start));
    await Promise.race([ada.say(`message ${trips.length}`), limit.over]);
    limit.cancel();
    const ms = performance.now() - start;
    trips.push({ phase, ms });
    await wait(INTERVAL - ms).over;
  }
  for (let count = 0; count < QUIET; count++) await measure("before");
  // It joins, and then nobody ever reads what it is sent.
  const sleeper = await Deno.connect({ hostname: "127.0.0.1", port });
  await writeAll(sleeper, new TextEncoder().encode("Sleeper\n"));
  const end = performance.now() + LIMIT;
  while (!gone && performance.now() < end) await measure("with", end);
  if (gone) {
    for (let count = 0; count < QUIET; count++) await measure("after");
  }

  stop.abort();
  for (const client of [ada, ...talkers, sleeper]) client.close();
  await Promise.all([served, ...talking]);
  return trips;
}

/** A client that reads all that it is sent. */
class Client {
  readonly #conn: Deno.TcpConn;
  readonly #name: string;
  #awaited = "";
  #heard = () => {};
  #open = true;

  constructor(conn: Deno.TcpConn, name: string) {
    this.#conn = conn;
    this.#name = name;
    this.#read();
  }

  static async join(port: number, name: string): Promise<Client> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay();
    const client = new Client(conn, name);
    await client.#exchange(name, `Hello ${name}! You can chat now.`);
    return client;
  }

  /** Says something, and waits until it comes back. */
  say(text: string): Promise<void> {
    return this.#exchange(text, `${this.#name}: ${text}`);
  }

  /** Says the same again and again, until the connection ends. */
  async talk(text: string): Promise<void> {
    while (this.#open) {
      await this.say(text);
      await wait(BREATH).over;
    }
  }

  /** Sends a line, and waits for the answer or the end. */
  async #exchange(line: string, answer: string): Promise<void> {
    const heard = new Promise<void>((resolve) => this.#heard = resolve);
    this.#awaited = answer;
    const bytes = new TextEncoder().encode(`${line}\n`);
    // If this fails, the reading fails as well.
    await writeAll(this.#conn, bytes).catch(() => {});
    if (this.#open) await heard;
  }

  async #read(): Promise<void> {
    try {
      for await (const line of readLines(this.#conn)) {
        if (line === this.#awaited) this.#heard();
      }
    } catch {
      // It was closed, by us or by the server.
    }
    this.#open = false;
    this.#heard();
  }

  close(): void {
    this.#open = false;
    this.#conn.close();
  }
}

/** A wait that can be cut short. */
function wait(ms: number): { over: Promise<void>; cancel(): void } {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  return { over, cancel: () => clearTimeout(timer) };
}
