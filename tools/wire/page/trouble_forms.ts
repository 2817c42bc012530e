/**
 * Trouble on purpose: a form for each direction, applied when it changes, and
 * the buttons that end or break a connection.
 *
 * @module
 */
/// <reference lib="dom" />
import type { State } from "../state.ts";
import type { Side } from "../trace.ts";
import type { Trouble, Troubles } from "../trouble.ts";
import { element, find } from "./elements.ts";

type Field = Exclude<keyof Trouble, "stall">;

/** The fields in words, with the largest value that the server takes. */
const FIELDS: { name: Field; label: string; unit: string; max: number }[] = [
  { name: "cut", label: "Cut into 1 to", unit: "bytes", max: 65_536 },
  { name: "merge", label: "Merge for", unit: "ms", max: 60_000 },
  { name: "delay", label: "Delay by", unit: "ms", max: 60_000 },
  { name: "lose", label: "Lose", unit: "of 100 pieces", max: 100 },
  { name: "endAfter", label: "Half-close after", unit: "bytes", max: 1e9 },
  { name: "resetAfter", label: "Reset after", unit: "bytes", max: 1e9 },
];

/**
 * So long after a change here, what the wire says may be older than it, in
 * milliseconds.
 */
const QUIET = 1000;

/** What the forms need. */
export interface TroubleOptions {
  /** Sends the settings. */
  onTroubles: (troubles: Troubles) => void;
  /** Asks the server for `/end?...` or `/reset?...`. */
  onEnd: (request: string) => void;
}

/** The form of one direction. */
class TroubleForm {
  readonly #numbers = new Map<Field, HTMLInputElement>();
  readonly #stall = element("input", { type: "checkbox" });
  readonly form: HTMLElement;

  constructor(from: Side, onChange: () => void) {
    this.#stall.name = `${from}-stall`;
    this.form = element(
      "fieldset",
      {},
      element("legend", {}, `What the ${from} sends`),
      ...FIELDS.map((field) => this.#field(from, field)),
      element("label", {}, this.#stall, " Stall: read, pass nothing on"),
    );
    this.form.addEventListener("change", onChange);
  }

  #field(from: Side, { name, label, unit, max }: typeof FIELDS[number]) {
    const input = element("input", {
      type: "number",
      name: `${from}-${name}`,
      min: 0,
      max,
      step: 1,
      value: 0,
    });
    this.#numbers.set(name, input);
    return element("label", {}, `${label} `, input, ` ${unit}`);
  }

  get value(): Trouble {
    const number = (name: Field) => this.#numbers.get(name)?.valueAsNumber || 0;
    return {
      cut: number("cut"),
      merge: number("merge"),
      delay: number("delay"),
      lose: number("lose"),
      endAfter: number("endAfter"),
      resetAfter: number("resetAfter"),
      stall: this.#stall.checked,
    };
  }

  set value(trouble: Trouble) {
    for (const [name, input] of this.#numbers) {
      // Not under the hands of somebody who types.
      if (input !== document.activeElement) input.value = `${trouble[name]}`;
    }
    this.#stall.checked = trouble.stall;
  }
}

/** All of it. */
export class TroubleForms {
  readonly #options: TroubleOptions;
  readonly #forms: Record<Side, TroubleForm>;
  readonly #which = find("span", "which");
  readonly #troubled = find("span", "troubled");
  readonly #buttons = ["end-client", "end-server", "reset"].map((id) =>
    find("button", id)
  );
  #conn: number | null = null;
  /** When something was changed here. */
  #changed = -Infinity;

  constructor(options: TroubleOptions) {
    this.#options = options;
    const apply = () => {
      this.#changed = performance.now();
      options.onTroubles({
        client: this.#forms.client.value,
        server: this.#forms.server.value,
      });
    };
    this.#forms = {
      client: new TroubleForm("client", apply),
      server: new TroubleForm("server", apply),
    };
    const { client, server } = this.#forms;
    find("div", "forms").append(client.form, server.form);
    const requests = ["end?from=client&", "end?from=server&", "reset?"];
    for (const [index, button] of this.#buttons.entries()) {
      button.addEventListener("click", () => {
        this.#options.onEnd(`/${requests[index]}conn=${this.#conn}`);
      });
    }
  }

  /**
   * Shows what is done, and for which connection the buttons are: the chosen
   * one, `null` if that is all of them.
   */
  show(
    { troubles, open }: State,
    conn: number | null,
    isOpen: boolean,
  ): void {
    if (performance.now() > this.#changed + QUIET) {
      this.#forms.client.value = troubles.client;
      this.#forms.server.value = troubles.server;
    }
    const off = [troubles.client, troubles.server].every((trouble) =>
      Object.values(trouble).every((value) => !value)
    );
    this.#troubled.textContent = off ? "" : "on";
    const [only, other] = open;
    const alone = other === undefined ? only?.conn ?? null : null;
    this.#conn = conn === null ? alone : isOpen ? conn : null;
    this.#which.textContent = this.#conn !== null
      ? `for connection ${this.#conn}`
      : conn !== null
      ? `connection ${conn} is over`
      : open.length === 0
      ? "no connection is open"
      : "choose a connection first: more than one is open";
    for (const button of this.#buttons) button.disabled = this.#conn === null;
  }
}
