/**
 * A crowd of clients of the broadcast protocol, well-behaved and otherwise, for
 * the soak test.
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { writeAll } from "../../lib/bytes.ts";
import { LineSplitter } from "../../lib/lines.ts";
import { within } from "../deadline.ts";
import { close, connectResetting, readAll } from "../loopback.ts";

const encoder = new TextEncoder();

/**
 * What a room has said since everybody was there. All who listen must hear the
 * same lines in the same order, so that one list is enough for all.
 */
export class Transcript {
  readonly lines: string[] = [];
  /** The first thing that somebody heard otherwise. */
  difference: string | null = null;
  readonly #watchers = new Set<(line: string) => void>();

  /** Takes the line that `who` heard in place `index`. */
  hear(who: string, index: number, line: string): void {
    if (index === this.lines.length) {
      this.lines.push(line);
      for (const watch of this.#watchers) watch(line);
    } else if (this.lines[index] !== line) {
      this.difference ??= `${who} heard "${line}" as number ${index}, ` +
        `others "${this.lines[index]}"`;
    }
  }

  /** Waits until `line` has been heard so many times from now on. */
  async next(line: RegExp, times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = (heard: string) => {
      if (line.test(heard) && --times === 0) resolve();
    };
    this.#watchers.add(watch);
    try {
      await within(`${line}, ${times} times`, promise);
    } finally {
      this.#watchers.delete(watch);
    }
  }

  /** Waits until `line` has been heard, now or before. */
  async has(line: string): Promise<void> {
    if (this.lines.includes(line)) return;
    await this.next(new RegExp(`^${RegExp.escape(line)}$`), 1);
  }
}

/** The line after which everybody listens. */
export const START = "now we are all here";

/** Somebody who reads all that comes, as fast as the machine lets it. */
export class Member {
  /** How many lines of the transcript it has heard. */
  heard = 0;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
  readonly #conn: Deno.TcpConn;
  readonly #name: string;
  readonly #transcript: Transcript;
  // A name, and a line at the limit.
  readonly #splitter = new LineSplitter({ maxLength: 70_000 });
  readonly #greeted = Promise.withResolvers<void>();
  #listening = false;
  #awaited = Infinity;
  #reached = Promise.withResolvers<void>();

  private constructor(conn: Deno.TcpConn, name: string, heard: Transcript) {
    this.#conn = conn;
    this.#name = name;
    this.#transcript = heard;
    this.ended = this.#read();
  }

  /** Joins, and returns when the server has said hello to `expected`. */
  static async join(
    port: number,
    transcript: Transcript,
    name: string,
    expected = name,
  ): Promise<Member> {
    const conn = await Deno.connect({ port });
    conn.setNoDelay();
    // Without a name it is known by its address.
    const called = expected || formatAddress(conn.localAddr);
    const member = new Member(conn, called, transcript);
    await member.say([name]);
    await within(`hello to "${called}"`, member.#greeted.promise);
    return member;
  }

  /** Sends lines, all of them in one write. */
  async say(lines: string[]): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join("");
    await writeAll(this.#conn, encoder.encode(text));
  }

  /** Sends a line with a write for each byte. */
  async drip(line: string): Promise<void> {
    for (const byte of encoder.encode(`${line}\n`)) {
      await writeAll(this.#conn, new Uint8Array([byte]));
    }
  }

  /** Waits until it has heard so many lines of the transcript. */
  async hear(count: number): Promise<void> {
    if (this.heard >= count) return;
    this.#awaited = count;
    this.#reached = Promise.withResolvers();
    await within(
      `${this.#name} to hear line ${count} after ${this.heard}`,
      Promise.race([this.#reached.promise, this.ended]),
    );
  }

  close(): void {
    close(this.#conn);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    while (true) {
      const count = await this.#conn.read(buffer).catch(() => null);
      if (count === null) return;
      for (const line of this.#splitter.push(buffer.subarray(0, count))) {
        this.#take(line);
      }
    }
  }

  #take(line: string): void {
    if (this.#listening) {
      this.#transcript.hear(this.#name, this.heard++, line);
      if (this.heard === this.#awaited) this.#reached.resolve();
    } else if (line === `Hello ${this.#name}! You can chat now.`) {
      this.#greeted.resolve();
    } else if (line.endsWith(`: ${START}`)) {
      this.#listening = true;
    }
  }
}

/** Joins under a name and never reads. */
export async function joinAndSleep(
  port: number,
  name: string,
): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ port });
  await writeAll(conn, encoder.encode(`${name}\n`));
  return conn;
}

/** Sends a line over the limit, and returns all that it gets until the end. */
export async function sayTooMuch(port: number, name: string): Promise<string> {
  using conn = await Deno.connect({ port });
  const line = "x".repeat(100_000);
  const sent = writeAll(conn, encoder.encode(`${name}\n${line}\n`));
  const received = readAll(conn);
  await Promise.allSettled([sent]);
  return new TextDecoder().decode(await within("the end", received));
}

/** What clients have sent when they reset the connection. */
const LAST_SEEN_AS: ((name: string) => string[])[] = [
  () => [],
  (name) => [name.slice(0, 2)],
  (name) => [`${name}\n`],
  (name) => [`${name}\n`, "half a li"],
  (name) => [`${name}\nhello\nand good`],
  (name) => [`${name}\n`, "one\n", "two\nthree\n"],
  (name) => [`${name}\nEXIT\n\n\n`],
];

/** Joins, or begins to, and resets the connection; `state` says how far. */
export async function comeAndReset(
  port: number,
  name: string,
  state: number,
): Promise<void> {
  const client = await connectResetting(port);
  for (const text of LAST_SEEN_AS[state % LAST_SEEN_AS.length]?.(name) ?? []) {
    await client.write(encoder.encode(text));
  }
  await within("the reset", client.reset());
}
