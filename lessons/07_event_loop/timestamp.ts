/**
 * The time as it stands in the messages of lesson 07.
 *
 * @module
 */

/**
 * What this machine's clock says: the seconds since the beginning of 1970, with
 * six digits behind the point, `1700000000.123456` say.
 *
 * A clock that shows the time of day may be set, forwards and backwards. To
 * measure how long something takes, use `performance.now()`, which only runs.
 */
export function timestamp(): string {
  const { epochNanoseconds } = Temporal.Now.instant();
  const digits = String(epochNanoseconds / 1000n).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
