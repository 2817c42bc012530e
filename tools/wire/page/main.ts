/**
 * The page of the wire: what a proxy between a client and a server reads and
 * writes, live or from a file.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Framing } from "../framing.ts";
import type { State } from "../state.ts";
import { visible } from "./characters.ts";
import { find } from "./elements.ts";
import { Gauges } from "./gauges.ts";
import { listenToKeys } from "./keys.ts";
import { RowsView } from "./rows_view.ts";
import { fetchBytes, LiveSource, loadTrace, post } from "./source.ts";
import { TroubleForms } from "./trouble_forms.ts";

const about = find("p", "about");
const status = find("p", "status");
const framing = find("select", "framing");
const file = find("input", "load");
const back = find("button", "back");
const again = find("button", "again");

/** The last state of the wire, and the trace that is shown instead of it. */
let state: State | null = null;
let loaded: { name: string; text: string } | null = null;
/** The framing that was chosen; `null` for the wire's own, or the file's. */
let chosen: Framing | null = null;

const rows = new RowsView({ fetchBytes, onConnections: showState });
const gauges = new Gauges();
const troubles = new TroubleForms({
  onTroubles: (troubles) => ask("/trouble", JSON.stringify(troubles)),
  onEnd: (request) => ask(request),
});

const live = new LiveSource({
  onStart: () => {
    say("");
    rows.clear();
  },
  onRows: (more) => rows.add(more),
  onState: (now) => {
    state = now;
    showState();
  },
  onStop: () =>
    say(
      "The wire has stopped. What it has shown stays here; the page goes on when it is back.",
    ),
});

/** One line about what just happened; an empty one takes it away. */
function say(line: string): void {
  status.textContent = visible(line);
  status.hidden = line === "";
}

/** Asks the wire to do something. */
async function ask(path: string, body?: string): Promise<void> {
  try {
    await post(path, body);
    say("");
  } catch (error) {
    say(error instanceof Error ? error.message : `${error}`);
  }
}

function showState(): void {
  if (state === null || loaded !== null) return;
  const { address, to, lesson, open } = state;
  const { conn } = rows;
  gauges.show(open, conn);
  troubles.show(state, conn, conn !== null && rows.isOpen(conn));
  again.hidden = lesson === null;
  if (chosen === null) framing.value = state.framing;
  showLive(address !== null);
  const text = address === null
    ? `A trace of what went to ${to}`
    : `${address} → ${to}. Connect your client to ${address}.`;
  if (about.textContent !== text) about.textContent = visible(text);
  find("p", "empty").textContent = address === null
    ? "There is nothing in this trace."
    : `Nothing yet. Connect a client to ${address}.`;
}

/** What is of use with a live wire only. */
function showLive(isLive: boolean): void {
  find("div", "sides").hidden = !isLive;
  find("a", "save").hidden = loaded !== null;
  if (!isLive) again.hidden = true;
}

/** Shows a trace instead of the wire. */
async function load(name: string, text: string): Promise<void> {
  try {
    const trace = await loadTrace(text, chosen);
    live.stop();
    loaded = { name, text };
    rows.clear();
    rows.add(trace.rows);
    if (chosen === null) framing.value = trace.head.framing;
    say(`This is ${name}, not live.`);
    about.textContent = visible(`A trace of what went to ${trace.head.to}`)
      .slice(0, 300);
    back.hidden = false;
    showLive(false);
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`;
    say(`${name} was not loaded. ${why}`);
  }
}

file.addEventListener("change", async () => {
  const [one] = file.files ?? [];
  if (one === undefined) return;
  chosen = null;
  await load(one.name, await one.text());
  // So that the same file can be chosen again.
  file.value = "";
});

back.addEventListener("click", () => {
  loaded = null;
  chosen = null;
  back.hidden = true;
  say("");
  live.start(null);
});

framing.addEventListener("change", async () => {
  chosen = framing.value as Framing;
  if (loaded === null) live.start(chosen);
  else await load(loaded.name, loaded.text);
});

again.addEventListener("click", () => ask("/again"));

const help = find("dialog", "help");
find("button", "ask").addEventListener("click", () => help.showModal());

const { table } = rows;
listenToKeys(
  new Map([
    ["ArrowUp", () => table.move(-1)],
    ["ArrowDown", () => table.move(1)],
    ["PageUp", () => table.move(-table.page)],
    ["PageDown", () => table.move(table.page)],
    ["Home", () => rows.goTo("first")],
    ["End", () => rows.goTo("last")],
    ["Enter", () => rows.openHex()],
    ["Escape", () => rows.hex.close()],
    ["p", () => rows.togglePause()],
    [" ", () => rows.togglePause()],
    ["n", () => rows.step()],
    [".", () => rows.step()],
    ["/", () => find("input", "search").select()],
    ["f", () => rows.connections.focus()],
    ["?", () => help.showModal()],
  ]),
);

live.start(null);
