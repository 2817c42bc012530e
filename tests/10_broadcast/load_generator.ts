/**
 * Load for a server of the broadcast protocol: clients that all read, ten of
 * which talk in bursts of lines. The next burst goes out when every client has
 * received the one before.
 *
 * Run: deno run -N tests/10_broadcast/load_generator.ts PORT CLIENTS MILLISECONDS
 *
 * With 0 milliseconds the clients join and are silent, until the input ends.
 *
 * @module
 */
import process from "node:process";
import { writeAll } from "../../lib/bytes.ts";
import { LineSplitter } from "../../lib/lines.ts";

/** What the generator prints when it has ended, as JSON. */
export interface Load {
  /** How many lines all clients together have received. */
  deliveries: number;
  seconds: number;
  /** How much of one core the generator used: near 1, it was the limit. */
  cpu: number;
}

const TALKERS = 10;
const BURST = 50;
const READY = "everybody is here";

/** A member of the room. */
class Member {
  readonly #conn: Deno.TcpConn;
  readonly #splitter = new LineSplitter();
  /** The bytes of bursts that have come. */
  #received = 0;

  constructor(conn: Deno.TcpConn) {
    conn.setNoDelay();
    this.#conn = conn;
  }

  send(text: string): Promise<void> {
    return writeAll(this.#conn, new TextEncoder().encode(text));
  }

  async #read(buffer: Uint8Array): Promise<number> {
    const count = await this.#conn.read(buffer);
    if (count === null) throw new Error("The server has closed a connection");
    return count;
  }

  /** Reads until `line` has come; it must be the last that is on its way. */
  async readTo(line: string): Promise<void> {
    const buffer = new Uint8Array(4096);
    while (true) {
      const count = await this.#read(buffer);
      const lines = this.#splitter.push(buffer.subarray(0, count));
      if (lines.includes(line)) return;
    }
  }

  /** Reads until so many bytes of bursts have come in all. */
  async readUntil(total: number, buffer: Uint8Array): Promise<void> {
    while (this.#received < total) this.#received += await this.#read(buffer);
  }
}

/** One more member, whom the server has greeted. */
async function enter(port: number, name: string): Promise<Member> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const member = new Member(conn);
  await member.send(`${name}\n`);
  await member.readTo(`Hello ${name}! You can chat now.`);
  return member;
}

/** Everybody joins, and has read all that came of it. */
async function join(port: number, count: number): Promise<Member[]> {
  const members: Member[] = [];
  while (members.length < count) {
    const names = Array.from(
      { length: Math.min(100, count - members.length) },
      (_, index) => `user${members.length + index}`,
    );
    members.push(
      ...await Promise.all(names.map((name) => enter(port, name))),
    );
  }
  // Nobody joins after this line, so it is the last that each receives.
  await members[0]?.send(`${READY}\n`);
  await Promise.all(members.map((member) => member.readTo(`user0: ${READY}`)));
  return members;
}

/** Bursts, one after the other, until the time is up. */
async function talk(members: Member[], milliseconds: number): Promise<Load> {
  const talkers = members.slice(0, TALKERS);
  const burst = "a line as people write them in a chat\n".repeat(BURST);
  const burstLength = talkers.reduce(
    (sum, _, index) => sum + burst.length + BURST * `user${index}: `.length,
    0,
  );
  // One for each, because all of them read at the same time.
  const buffers = members.map(() => new Uint8Array(65_536));

  const start = performance.now();
  const before = process.cpuUsage();
  let deliveries = 0;
  for (let total = 0; performance.now() < start + milliseconds;) {
    total += burstLength;
    await Promise.all([
      ...talkers.map((talker) => talker.send(burst)),
      ...members.map((member, index) =>
        member.readUntil(total, buffers[index] as Uint8Array)
      ),
    ]);
    deliveries += talkers.length * BURST * members.length;
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { deliveries, seconds, cpu: (user + system) / 1e6 / seconds };
}

if (import.meta.main) {
  const [port = 0, count = 100, milliseconds = 1000] = Deno.args.map(Number);
  const members = await join(port, count);
  if (milliseconds > 0) {
    console.log(JSON.stringify(await talk(members, milliseconds)));
  } else {
    console.log("All have joined");
    await Deno.stdin.read(new Uint8Array(1));
  }
  Deno.exit(0); // Which closes the connections.
}
