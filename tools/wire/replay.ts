/**
 * Clients that keep to a script: what the test is made of that a trace becomes.
 *
 * The text of this file stands in every such test. So it imports `node:net` and
 * nothing else, and it is no longer than a person would read there.
 *
 * @module
 */
import { connect as dial, type Socket } from "node:net";

/** How long a step waits until something happens, in milliseconds. */
const PATIENCE = 5000;

/** What is sent or expected: text, or bytes that are none. */
export type Data = string | Uint8Array;

/** The bytes that stand in hex in a text: `hex("00 ff")`. */
export function hex(text: string): Uint8Array {
  return Uint8Array.fromHex(text.replaceAll(" ", ""));
}

/** Where the server is: as it was recorded, or what stands after `--to`. */
export function addressOf(recorded: string): string {
  const flag = Deno.args.indexOf("--to");
  return flag === -1 ? recorded : Deno.args[flag + 1] ?? "";
}

/** Connects to the server at `HOST:PORT`. `name` is what a failure calls it. */
export async function connect(address: string, name: string): Promise<Client> {
  const [, host = "", port] = address.match(/^\[?(.+?)\]?:(\d+)$/) ?? [];
  if (port === undefined) throw new Error(`"${address}" is no HOST:PORT`);
  const socket = dial({ host, port: Number(port), allowHalfOpen: true });
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once("connect", () => resolve(""));
  socket.once("error", ({ message }) => resolve(message || "refused"));
  const client = new Client(name, socket);
  const why = await happens(promise) ? await promise : "no answer";
  if (why === "") return client;
  await client.close();
  const error = new Error(
    `${name} cannot connect to ${address}: ${why}\n` +
      "  Does the server run? At another address: -- --to HOST:PORT",
  );
  Error.captureStackTrace(error, connect);
  throw error;
}

/** A client. What it cannot do, or does not get, is a failure of the test. */
export class Client implements AsyncDisposable {
  readonly #name: string;
  readonly #socket: Socket;
  /** What has come and was not expected yet. */
  #come = hex("");
  /** How the server's stream is over, once it is. */
  #over: "ended" | "reset" | undefined;
  /** The next thing that happens. */
  #next = Promise.withResolvers<void>();

  /** Takes over a socket. */
  constructor(name: string, socket: Socket) {
    this.#name = name;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Uint8Array) => {
      this.#come = bytesOf([this.#come, chunk]);
      this.#wake();
    });
    socket.on("end", () => this.#finish("ended"));
    socket.on("error", () => this.#finish("reset"));
    socket.on("close", () => this.#finish("ended"));
  }

  #finish(how: "ended" | "reset"): void {
    this.#over ??= how;
    this.#wake();
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /**
   * Sends bytes. That nobody is there any more is no failure here: what is
   * expected next says so.
   */
  async send(...data: Data[]): Promise<void> {
    if (this.#socket.writableEnded) {
      throw this.#failure(this.send, ["has said that it sends no more"]);
    }
    const bytes = bytesOf(data);
    const sent = new Promise<void>((resolve) =>
      this.#socket.write(bytes, () => resolve())
    );
    if (await happens(sent)) return;
    throw this.#failure(this.send, [
      `cannot send ${bytes.length} bytes: the server does not read`,
    ]);
  }

  /** Waits for exactly these bytes, however they are cut. */
  async expect(...data: Data[]): Promise<void> {
    const due = bytesOf(data);
    let same = 0;
    while (same < due.length) {
      same += alike(due.subarray(same), this.#come.subarray(same));
      const all = same === this.#come.length;
      if (same < due.length && !(all && await this.#more())) break;
    }
    const came = this.#come;
    if (same === due.length) {
      this.#come = came.slice(same);
      return;
    }
    throw this.#failure(this.expect, [
      same < came.length
        ? "got something else"
        : `${this.#silence}: ${same} of ${due.length} bytes have come`,
      ...compared(due, came, same),
    ]);
  }

  /** Waits until the server says that it sends no more. */
  async expectEnd(): Promise<void> {
    while (this.#come.length === 0 && await this.#more());
    if (this.#come.length === 0 && this.#over === "ended") return;
    throw this.#failure(this.expectEnd, this.#instead("the end of the stream"));
  }

  /** Waits until the server breaks the connection off. */
  async expectReset(): Promise<void> {
    while (this.#come.length === 0 && await this.#more());
    if (this.#come.length === 0 && this.#over === "reset") return;
    throw this.#failure(this.expectReset, this.#instead("a reset"));
  }

  /** Says that it sends no more. It can still receive. */
  async halfClose(): Promise<void> {
    const said = new Promise<void>((resolve) =>
      this.#socket.end(() => resolve())
    );
    if (await happens(said)) return;
    throw this.#failure(this.halfClose, ["cannot say that it sends no more"]);
  }

  /** Breaks the connection off. */
  async reset(): Promise<void> {
    await this.#gone(() => this.#socket.resetAndDestroy());
  }

  /** Closes the connection. Nothing that comes then is looked at. */
  async close(): Promise<void> {
    await this.#gone(() => this.#socket.destroy());
  }

  /** Leaves the server time for what was sent, where no answer shows it. */
  async pause(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Closes the connection, also when a step has failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #gone(leave: () => void): Promise<void> {
    if (this.#socket.closed) return;
    const closed = new Promise<void>((resolve) =>
      this.#socket.once("close", () => resolve())
    );
    leave();
    await happens(closed);
  }

  /** Waits for the next thing; `false` if there is none. */
  async #more(): Promise<boolean> {
    return this.#over === undefined && await happens(this.#next.promise);
  }

  /** Why nothing more has come. */
  get #silence(): string {
    if (this.#over === "ended") return "the stream ended";
    if (this.#over === "reset") return "the connection was reset";
    return `nothing more came for ${PATIENCE / 1000} s`;
  }

  /** What has come in place of the end. */
  #instead(end: string): string[] {
    return this.#come.length === 0
      ? [`expected ${end}, but ${this.#silence}`]
      : [`expected ${end}, but got`, compared(hex(""), this.#come, 0)[1] ?? ""];
  }

  /** An error that points at the line with the step. */
  #failure(step: unknown, lines: string[]): Error {
    const error = new Error(`${this.#name}: ${lines.join("\n  ")}`);
    Error.captureStackTrace(error, step as () => void);
    return error;
  }
}

/** Whether it happens before patience ends. */
async function happens(event: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE);
  try {
    return await Promise.race([event.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function bytesOf(data: Data[]): Uint8Array {
  const parts = data.map((part) =>
    typeof part === "string" ? new TextEncoder().encode(part) : part
  );
  const bytes = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How many bytes are the same from the beginning. */
function alike(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at === -1 ? a.length : at;
}

/** What was due and what came, with a mark under the first byte that differs. */
function compared(due: Uint8Array, came: Uint8Array, at: number): string[] {
  let from = Math.max(0, at - 12);
  // Not in the middle of a character.
  while (from < at && ((came[from] ?? 0) & 0xc0) === 0x80) from++;
  const part = (bytes: Uint8Array, end: number) => bytes.subarray(from, end);
  const text = [due, came].every((bytes) => quoted(part(bytes, at + 48)));
  const end = at + (text ? 48 : 12);
  const show = (bytes: Uint8Array) =>
    (text ? quoted(bytes) : bytes.toHex().replace(/..(?=.)/g, "$& ")) ?? "";
  const shown = [due, came].map((bytes) =>
    (from > 0 ? "... " : "") + show(part(bytes, end)) +
    (bytes.length > end ? ` ... (${bytes.length} bytes)` : "")
  );
  const before = show(part(came, at)).length;
  const column = (from > 0 ? 4 : 0) + before + (text || before === 0 ? -1 : 1);
  return [
    `expected  ${shown[0]}`,
    `received  ${shown[1]}`,
    `          ${" ".repeat(Math.max(0, column))}^ byte ${at}`,
  ];
}

/** The bytes as text, `null` if they are none that can be shown. */
function quoted(bytes: Uint8Array): string | null {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const text = decoder.decode(bytes, { stream: true });
    return /(?![\t\r\n])[\p{C}\p{Zl}\p{Zp}]/u.test(text)
      ? null
      : JSON.stringify(text);
  } catch {
    return null;
  }
}
