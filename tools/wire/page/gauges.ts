/**
 * How many bytes wait in each direction.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Open } from "../state.ts";
import type { Side } from "../trace.ts";
import { element, find } from "./elements.ts";
import { otherThan, shortSize } from "./words.ts";

/** A full bar stands for at least so many bytes. */
const LEAST = 64 * 1024;

/** What waits in one direction, added up. */
export interface Sum {
  /** How many connections are open. */
  open: number;
  /** `null` where the system says nothing about any connection. */
  before: number | null;
  wire: number;
  behind: number | null;
}

/** What waits in all of these connections of what one side has sent. */
export function sumOf(open: Open[], from: Side): Sum {
  const sum: Sum = { open: open.length, before: null, wire: 0, behind: null };
  for (const { waiting } of open) {
    const { before, wire, behind } = waiting[from];
    sum.wire += wire;
    if (before !== null) sum.before = (sum.before ?? 0) + before;
    if (behind !== null) sum.behind = (sum.behind ?? 0) + behind;
  }
  return sum;
}

/** The gauge of one direction. */
class Gauge {
  readonly #from: Side;
  readonly #before = element("span", { class: "system" });
  readonly #wire = element("span", { class: "wire" });
  readonly #behind = element("span", { class: "system" });
  readonly #text = element("span", { class: "said" });
  readonly #bar: HTMLElement;
  #most = LEAST;

  constructor(from: Side) {
    this.#from = from;
    const name = `${from} to ${otherThan(from)}`;
    this.#bar = element(
      "span",
      { class: "gauge", role: "meter", "aria-label": `Bytes waiting, ${name}` },
      this.#before,
      this.#wire,
      this.#behind,
    );
    find("div", "gauges").append(
      element(
        "div",
        {},
        element("b", {}, `${from} → ${otherThan(from)}`),
        this.#bar,
        this.#text,
      ),
    );
  }

  show({ open, before, wire, behind }: Sum): void {
    const all = (before ?? 0) + wire + (behind ?? 0);
    // It grows with what it has to show, and never shrinks: bars compare.
    this.#most = Math.max(this.#most, all);
    const width = (bytes: number | null) =>
      `${(bytes ?? 0) / this.#most * 100}%`;
    this.#before.style.width = width(before);
    this.#wire.style.width = width(wire);
    this.#behind.style.width = width(behind);
    const size = (bytes: number | null) =>
      bytes === null ? "nobody knows how much" : shortSize(bytes);
    const text = open === 0
      ? "no connection is open"
      : `${size(before)} before the wire, ${size(wire)} in it, ` +
        `${size(behind)} behind`;
    this.#text.textContent = text;
    this.#bar.setAttribute("aria-valuemin", "0");
    this.#bar.setAttribute("aria-valuemax", `${this.#most}`);
    this.#bar.setAttribute("aria-valuenow", `${all}`);
    this.#bar.setAttribute("aria-valuetext", text);
  }
}

/** The gauges of both directions. */
export class Gauges {
  readonly #gauges = {
    client: new Gauge("client"),
    server: new Gauge("server"),
  };

  /** Shows one connection, or with `null` the sum of all. */
  show(open: Open[], conn: number | null): void {
    const shown = conn === null
      ? open
      : open.filter((one) => one.conn === conn);
    for (const from of ["client", "server"] as const) {
      this.#gauges[from].show(sumOf(shown, from));
    }
  }
}
