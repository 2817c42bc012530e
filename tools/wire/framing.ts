/**
 * Which byte of a stream belongs to which message.
 *
 * @module
 */

/** How bytes are divided into messages: not at all, by LF, or by a length. */
export type Framing = "none" | "lines" | "frames";

/** All of them. */
export const FRAMINGS: readonly Framing[] = ["none", "lines", "frames"];

/** Whether a value is a framing. */
export function isFraming(value: unknown): value is Framing {
  return FRAMINGS.includes(value as Framing);
}

/** Bytes of a chunk that belong to one message. */
export interface Part {
  /** The number of the message in its direction, from 1. */
  message: number;
  /** Where they begin in the chunk. */
  start: number;
  /** Where they end in the chunk. */
  end: number;
  /** Whether the message begins here. */
  first: boolean;
  /** Whether the message ends here. */
  last: boolean;
}

/** A message that is complete. */
export interface Message {
  /** Its number in its direction, from 1. */
  number: number;
  /** How many bytes it has, those that mark its end or its length included. */
  size: number;
  /** Its beginning, at most {@linkcode KEPT} bytes; without the length in front. */
  bytes: Uint8Array;
}

/** How much of a message is kept until it is complete, in bytes. */
export const KEPT = 256;

/** What a chunk is made of. */
export interface Framed {
  /** Its parts, in their order. None if there are no messages. */
  parts: Part[];
  /** The messages that are complete with it. */
  messages: Message[];
  /** How many bytes wait for the rest of their message. */
  left: number;
}

const LF = 0x0a;

/** The length in front of a frame, in bytes. */
const HEADER = 4;

/** Divides one direction of a connection. It keeps no more than {@linkcode KEPT} bytes. */
export class Framer {
  readonly #framing: Framing;
  #number = 1;
  /** How many bytes of the message have come. */
  #size = 0;
  /** The length of the frame, once it has come: its four bytes included. */
  #due = 0;
  #kept = new Uint8Array(KEPT);
  #keptLength = 0;

  /** @param framing How its messages are marked. */
  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** Takes the next chunk. */
  push(chunk: Uint8Array): Framed {
    const parts: Part[] = [];
    const messages: Message[] = [];
    if (this.#framing === "none") return { parts, messages, left: 0 };
    let start = 0;
    while (start < chunk.length) {
      const first = this.#size === 0;
      const end = this.#framing === "lines"
        ? this.#line(chunk, start)
        : this.#frame(chunk, start);
      const last = this.#framing === "lines"
        ? chunk[end - 1] === LF
        : this.#size >= HEADER && this.#size === this.#due;
      parts.push({ message: this.#number, start, end, first, last });
      if (last) messages.push(this.#complete());
      start = end;
    }
    return { parts, messages, left: this.#size };
  }

  /** Takes bytes of a line. Returns where they end in the chunk. */
  #line(chunk: Uint8Array, start: number): number {
    const at = chunk.indexOf(LF, start);
    const end = at === -1 ? chunk.length : at + 1;
    this.#size += end - start;
    this.#keep(chunk.subarray(start, end));
    return end;
  }

  /** Takes bytes of a frame. Returns where they end in the chunk. */
  #frame(chunk: Uint8Array, start: number): number {
    let at = start;
    while (this.#size < HEADER && at < chunk.length) {
      this.#due = this.#due * 256 + (chunk[at++] as number);
      this.#size++;
      if (this.#size === HEADER) this.#due += HEADER;
    }
    if (this.#size < HEADER) return at;
    const end = Math.min(chunk.length, at + this.#due - this.#size);
    this.#size += end - at;
    this.#keep(chunk.subarray(at, end));
    return end;
  }

  #keep(bytes: Uint8Array): void {
    const room = bytes.subarray(0, KEPT - this.#keptLength);
    this.#kept.set(room, this.#keptLength);
    this.#keptLength += room.length;
  }

  #complete(): Message {
    const message = {
      number: this.#number++,
      size: this.#size,
      bytes: this.#kept.slice(0, this.#keptLength),
    };
    this.#size = 0;
    this.#due = 0;
    this.#keptLength = 0;
    return message;
  }
}
