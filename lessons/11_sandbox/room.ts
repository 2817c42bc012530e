/**
 * The room: who is there, under which name, and who is told what. It deals in
 * texts; how those become bytes is the business of the framing.
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { printable } from "../../lib/console.ts";

/** The longest name, in characters. */
export const MAX_NAME_LENGTH = 32;

/** Somebody who is connected. */
export interface Member {
  /** `IP:PORT`, for who gives no name. */
  readonly peer: string;
  /** Empty until the member has joined. */
  name: string;
  /** Queues the bytes of a message. It waits for nobody. */
  send(message: Uint8Array): void;
  /** Ends the connection, once all that is owed has been sent. */
  leave(): void;
}

/** Everybody who has a name. */
export class Room {
  readonly #members = new Set<Member>();
  readonly #names = new Set(["SERVER"]); // Nobody may speak for the server.
  readonly #encode: (text: string) => Uint8Array;
  readonly #log: (line: string) => void;
  #closed = false;

  /**
   * Makes an empty room. `encode` makes the bytes of a message, once for all who
   * get it; `log` takes the lines of the log.
   */
  constructor(
    encode: (text: string) => Uint8Array,
    log: (line: string) => void,
  ) {
    this.#encode = encode;
    this.#log = (line) => log(printable(line));
  }

  /** The names, in the order in which their members came. */
  get names(): string[] {
    return Array.from(this.#members, ({ name }) => name);
  }

  /** Lets `member` in, under the name that is nearest to `wanted`. */
  join(member: Member, wanted: string): void {
    const name = formatName(wanted) || member.peer;
    member.name = name;
    for (let count = 2; this.#names.has(member.name); count++) {
      member.name = `${name}-${count}`;
    }
    this.#names.add(member.name);
    this.#members.add(member);
    this.#log(`${member.name} joined from ${member.peer}`);
    this.tell(member, `Hello ${member.name}! /help lists the commands.`);
    this.#send(`SERVER: ${member.name} has joined the chat.`, member);
  }

  /** Lets `member` go, who may never have joined, and says so to the others. */
  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    this.#names.delete(member.name);
    if (this.#closed) return; // All of them leave now.
    this.#send(`SERVER: ${member.name} has left the chat.`);
  }

  /** Gives `member` another name; returns whether that can be. */
  rename(member: Member, wanted: string): boolean {
    const name = formatName(wanted);
    if (name === "" || this.#names.has(name)) return false;
    this.#names.delete(member.name);
    this.#names.add(name);
    this.announce(`SERVER: ${member.name} is now ${name}`);
    member.name = name;
    return true;
  }

  /** What `member` says goes to all others. */
  say(member: Member, text: string): void {
    const line = `${member.name}: ${text}`;
    this.#log(line);
    this.#send(line, member);
  }

  /** A line for everybody. */
  announce(line: string): void {
    this.#log(line);
    this.#send(line);
  }

  /** What the server has to say to one of them. */
  tell(member: Member, text: string): void {
    member.send(this.#encode(`SERVER: ${text}`));
  }

  /** The last word to everybody. Who leaves then is not announced any more. */
  close(): void {
    this.#closed = true;
    this.#send("SERVER: The server is closing.");
    for (const member of this.#members) member.leave();
  }

  #send(line: string, except?: Member): void {
    const message = this.#encode(line);
    for (const member of this.#members) {
      if (member !== except) member.send(message);
    }
  }
}

/**
 * The name that can be made of `wanted`, perhaps none: without colons, because
 * a colon ends the name in every message; without space around it, without
 * anything that a terminal would obey, and not too long.
 */
export function formatName(wanted: string): string {
  const name = printable(wanted.replaceAll(":", "").trim());
  return [...name].slice(0, MAX_NAME_LENGTH).join("").trim();
}

Deno.test("a name is trimmed, shown rather than obeyed, then cut", () => {
  assertEquals(formatName(" Anna\r"), "Anna");
  assertEquals(formatName("\x1b[2J"), "\\x1b[2J");
  assertEquals(formatName("🦊".repeat(40)), "🦊".repeat(32));
  assertEquals(formatName("x".repeat(31) + " y"), "x".repeat(31));
  assertEquals(formatName(" : \t"), "");
});

Deno.test("no name makes what its member says look like the server's words", () => {
  assertEquals(formatName("SERVER: Anna"), "SERVER Anna");
  assertEquals(formatName(" :SERVER:"), "SERVER");
});
