/**
 * Talking to a helpdesk, and reading the file that it writes, for the checks.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { exists } from "../grader/course.ts";
import { CheckFailure } from "../grader/failure.ts";
import type { Peer } from "../grader/peer.ts";
import { compare, show } from "../grader/show.ts";
import type { Target } from "../grader/target.ts";

/** How often to look whether a line is in the file, in milliseconds. */
const LOOK_EVERY = 5;

/** Waits for the acknowledgement of `text`. */
export async function expectAck(client: Peer, text: string): Promise<void> {
  const quoted = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  await client.expectLine(
    new RegExp(`^\\[ACK @\\d\\d:\\d\\d:\\d\\d\\] ${quoted}$`),
    show(new TextEncoder().encode(`[ACK @HH:MM:SS] ${text}`)),
  );
}

/** Sends a message, and waits until it is acknowledged. */
export async function say(client: Peer, text: string): Promise<void> {
  await client.send(`${text}\n`);
  await expectAck(client, text);
}

/** One line of the file. */
export interface Entry {
  time: unknown;
  peer: unknown;
  text: unknown;
}

/** The file that the server keeps its messages in. */
export class LogFile {
  readonly path: string;
  readonly #target: Target;

  /**
   * Names a file in the folder of the check, which is not there yet.
   *
   * @param target The check's.
   */
  constructor(target: Target) {
    this.path = `${target.folder}/log.jsonl`;
    this.#target = target;
  }

  /** Starts the server with this file. */
  async serve(): Promise<void> {
    await this.#target.serve(["--log", this.path]);
  }

  /** All that is in it; nothing if it is not there. */
  async read(): Promise<Uint8Array> {
    try {
      return await Deno.readFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new Uint8Array(0);
      throw error;
    }
  }

  /**
   * Waits until there are `count` lines in it, or it is too late. Empty ones do
   * not count.
   *
   * @param from So many bytes from the beginning are left out.
   */
  async #lines(count: number, from: number): Promise<string[]> {
    let waiting = true;
    const look = async () => {
      while (true) {
        const text = new TextDecoder().decode((await this.read()).slice(from));
        const lines = text.split("\n").filter((line) => line !== "");
        const whole = lines.length >= count && text.endsWith("\n");
        if (whole || !waiting) return lines;
        await delay(LOOK_EVERY);
      }
    };
    const looking = look();
    await this.#target.patience.wait(looking);
    waiting = false;
    return await looking;
  }

  /**
   * Waits until there are `count` messages in it, and returns them.
   *
   * @param from So many bytes from the beginning are left out.
   * @throws {CheckFailure} If there are fewer, or more, or something else.
   */
  async expectEntries(count: number, from = 0): Promise<Entry[]> {
    const lines = await this.#lines(count, from);
    const shown = lines.slice(-4).map((line) =>
      `the file  ${show(new TextEncoder().encode(line), 70)}`
    );
    const entries = lines.map((line, index) => entryIn(line, index, shown));
    if (entries.length === count) return entries;
    const none = await exists(this.path) ? "is empty" : "is not there";
    throw this.#target.program.failure(
      `Messages in the file: ${entries.length}, acknowledged: ${count}`,
      shown.length > 0 ? shown : [`the file  ${none}`],
    );
  }

  /**
   * Waits until these messages are in it, in their order, and no other.
   *
   * @param from So many bytes from the beginning are left out.
   * @throws {CheckFailure} If there is anything else.
   */
  async expectTexts(texts: string[], from = 0): Promise<void> {
    const entries = await this.expectEntries(texts.length, from);
    for (const [index, { text }] of entries.entries()) {
      const due = texts[index] as string;
      if (text === due) continue;
      throw new CheckFailure(`Message ${index + 1} in the file is another`, {
        shown: compare(
          new TextEncoder().encode(due),
          new TextEncoder().encode(String(text)),
        ).map((line) => line.replace(/^received/, "the file")),
      });
    }
  }
}

/** What a line of the file says. */
function entryIn(line: string, index: number, shown: string[]): Entry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new CheckFailure(`Line ${index + 1} of the file is no JSON`, {
      shown: [
        `the line  ${show(new TextEncoder().encode(line), 70)}`,
        `           ${error instanceof Error ? error.message : error}`,
      ],
    });
  }
  if (typeof value === "object" && value !== null && "text" in value) {
    return { time: undefined, peer: undefined, ...value };
  }
  throw new CheckFailure(`Line ${index + 1} of the file has no text`, {
    shown,
  });
}
