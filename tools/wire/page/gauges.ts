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
  wire: number;
  /** `null` where the system says nothing about any connection. */
  system: number | null;
}

/** What waits in all of these connections of what one side has sent. */
export function sumOf(open: Open[], from: Side): Sum {
  const sum: Sum = { open: open.length, wire: 0, system: null };
  for (const { waiting } of open) {
    const { wire, system } = waiting[from];
    sum.wire += wire;
    if (system !== null) sum.system = (sum.system ?? 0) + system;
  }
  return sum;
}

/** The gauge of one direction. */
class Gauge {
  readonly #from: Side;
  readonly #wire = element("span", { class: "wire" });
  readonly #system = element("span", { class: "system" });
  readonly #text = element("span", { class: "said" });
  readonly #bar: HTMLElement;
  #most = LEAST;

  constructor(from: Side) {
    this.#from = from;
    const name = `${from} to ${otherThan(from)}`;
    this.#bar = element(
      "span",
      { class: "gauge", role: "meter", "aria-label": `Bytes waiting, ${name}` },
      this.#wire,
      this.#system,
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

  show({ open, wire, system }: Sum): void {
    const all = wire + (system ?? 0);
    // It grows with what it has to show, and never shrinks: bars compare.
    this.#most = Math.max(this.#most, all);
    this.#wire.style.width = `${wire / this.#most * 100}%`;
    this.#system.style.width = `${(system ?? 0) / this.#most * 100}%`;
    const unread = system === null
      ? "what the system has is not known"
      : `${shortSize(system)} come and not read by the ${
        otherThan(this.#from)
      }`;
    const text = open === 0
      ? "no connection is open"
      : `${shortSize(wire)} in the wire, ${unread}`;
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
