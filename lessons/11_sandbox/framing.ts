/**
 * Two framings: how a message becomes bytes, and bytes become messages. The
 * room knows nothing of this; these two objects are all that differs.
 *
 * @module
 */
import { type Reader, UnexpectedEofError } from "../../lib/bytes.ts";
import type { Flag } from "../../lib/flag.ts";
import {
  encodeFrame,
  FrameTooLongError,
  readFrames,
} from "../../lib/frames.ts";
import { LineTooLongError, readLines } from "../../lib/lines.ts";

/** The longest message that the server takes, in bytes. */
export const MAX_MESSAGE_LENGTH = 65_536;

/** A message is longer than the limit. The ones before it have been read. */
export class MessageTooLongError extends Error {}

/** Where a message ends. */
export interface Framing {
  /** The bytes that carry one message. */
  encode(text: string): Uint8Array;
  /**
   * The messages in what is read. One that the end of the stream cuts short is
   * no message. One that is too long throws a {@linkcode MessageTooLongError}.
   */
  read(reader: Reader, maxLength: number): AsyncIterable<string>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A message is a line: it ends at the newline, so it has none within. */
const lines: Framing = {
  encode: (text) => encoder.encode(`${text}\n`),
  async *read(reader, maxLength) {
    try {
      yield* readLines(reader, { maxLength });
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      throw new MessageTooLongError();
    }
  },
};

/** A message has its length in front, in 4 bytes, so that any text can be in it. */
const frames: Framing = {
  encode: (text) => encodeFrame(encoder.encode(text)),
  async *read(reader, maxLength) {
    try {
      for await (const payload of readFrames(reader, { maxLength })) {
        yield decoder.decode(payload);
      }
    } catch (error) {
      if (error instanceof UnexpectedEofError) return; // It was cut short.
      if (!(error instanceof FrameTooLongError)) throw error;
      throw new MessageTooLongError();
    }
  },
};

/** The framings by their names. Add yours here. */
export const FRAMINGS = { lines, frames };

/** The name of a framing. */
export type FramingName = keyof typeof FRAMINGS;

const names = Object.keys(FRAMINGS) as FramingName[];

/** `--framing`: one of the names. */
export const framingFlag: Flag<FramingName> = {
  default: "lines",
  placeholder: names.join("|"),
  help: "where a message ends",
  expected: names.join(" or "),
  parse: (value) => names.find((name) => name === value),
};
