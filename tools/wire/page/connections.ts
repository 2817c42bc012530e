/**
 * The choice of a connection.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Row } from "../row.ts";
import { element, find } from "./elements.ts";

/** So many connections can be chosen from: the newest. */
const MOST = 1000;

/** The choice of a connection. */
export class Connections {
  readonly #select = find("select", "connection");
  readonly #all = element("option", { value: "" }, "all");
  readonly #options = new Map<number, HTMLOptionElement>();

  /** @param onChoose Is called with the number, `null` for all. */
  constructor(onChoose: (conn: number | null) => void) {
    this.#select.append(this.#all);
    this.#select.addEventListener("change", () => onChoose(this.chosen));
  }

  /** The number of the chosen connection, `null` for all of them. */
  get chosen(): number | null {
    return this.#select.value === "" ? null : Number(this.#select.value);
  }

  focus(): void {
    this.#select.focus();
  }

  /** None are known, as in the beginning. The choice stays, if it comes again. */
  clear(): void {
    const { chosen } = this;
    this.#options.clear();
    this.#select.replaceChildren(this.#all);
    if (chosen !== null) this.#add(chosen).selected = true;
  }

  /** Takes note of a row. */
  see(row: Row): void {
    if (row.conn === 0) return;
    const option = this.#options.get(row.conn) ?? this.#add(row.conn);
    if (row.kind === "connect") option.text = `${row.conn}`;
    if (row.kind === "close") option.text = `${row.conn}, closed`;
    if (row.kind === "reset") option.text = `${row.conn}, reset`;
    if (row.kind === "refused") option.text = `${row.conn}, refused`;
  }

  #add(conn: number): HTMLOptionElement {
    const option = element("option", { value: conn }, `${conn}`);
    this.#options.set(conn, option);
    this.#select.append(option);
    if (this.#options.size > MOST) this.#forgetOldest();
    return option;
  }

  #forgetOldest(): void {
    for (const [conn, option] of this.#options) {
      if (option.selected) continue;
      option.remove();
      this.#options.delete(conn);
      return;
    }
  }
}
