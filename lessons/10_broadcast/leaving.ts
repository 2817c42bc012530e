/**
 * Why a client has left the room, for the log.
 *
 * @module
 */
import { isDisconnect } from "../../lib/failures.ts";
import { LineTooLongError } from "../../lib/lines.ts";
import { SlowPeerError } from "../../lib/outbox.ts";

/**
 * Says why, as the end of a line of the log; with nothing to say for a client
 * that left in order.
 *
 * @param failure What a read or a write threw, or why the connection was closed.
 */
export function because(failure: unknown): string {
  if (failure === undefined) return "";
  if (failure instanceof LineTooLongError) return ": its line was too long";
  if (
    failure instanceof SlowPeerError || failure instanceof Deno.errors.TimedOut
  ) {
    return ": it was too slow to read";
  }
  if (isDisconnect(failure)) return ": it reset the connection";
  return `: ${(failure as Error).message}`;
}
