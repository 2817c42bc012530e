/**
 * What a page has to know besides the rows.
 *
 * @module
 */
import type { Framing } from "./framing.ts";
import type { Side } from "./trace.ts";
import type { Troubles } from "./trouble.ts";

/** Bytes on their way from one side to the other. */
export interface Waiting {
  /**
   * Those that the system has between the sender and the proxy: sent, and not
   * read. `null` where it does not say.
   */
  before: number | null;
  /** Those that the proxy has read and not passed on yet. */
  wire: number;
  /** Those that the system has between the proxy and the receiver. */
  behind: number | null;
}

/** An open connection. */
export interface Open {
  conn: number;
  /** What waits, by the side that has sent it. */
  waiting: Record<Side, Waiting>;
}

/** The state of the proxy. */
export interface State {
  /** Where clients connect to, `127.0.0.1:41234`; `null` for a trace from a file. */
  address: string | null;
  /** The server behind it. */
  to: string;
  /** How the bytes are divided into messages, unless the page asks otherwise. */
  framing: Framing;
  /** The lesson whose scripted client can be run again; `null` if there is none. */
  lesson: string | null;
  /** What is done to the bytes. */
  troubles: Troubles;
  /** The open connections. */
  open: Open[];
}
