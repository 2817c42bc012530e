/**
 * The trace for a person, in the terminal and in a browser.
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { explainFailure } from "../../lib/failures.ts";
import { openPage } from "./browser.ts";
import { pageHandler, type PageOptions } from "./page_server.ts";
import type { Recording } from "./recording.ts";
import { refuse } from "./refuse.ts";
import { TextLadder } from "./text.ts";
import type { TraceEvent } from "./trace.ts";

/** Prints what has happened, and what happens from now on. */
export function printTrace(recording: Recording): void {
  const ladder = new TextLadder(recording.head.framing);
  const print = (event: TraceEvent) => {
    for (const line of ladder.lines(event)) console.log(line);
  };
  for (const { event } of recording.all()) print(event);
  recording.listen(print);
}

/** Options of {@linkcode servePage}. */
export interface ServePageOptions extends PageOptions {
  /** The port of the page, 0 for a free one. */
  port: number;
  /** Whether to open it in a browser. */
  open: boolean;
}

/** Serves the page to this machine, and says where it is. */
export async function servePage(options: ServePageOptions): Promise<void> {
  const address = { hostname: "127.0.0.1", port: options.port };
  try {
    const { addr } = Deno.serve(
      { ...address, onListen() {} },
      pageHandler(options),
    );
    const url = `http://${formatAddress(addr)}/`;
    console.log(`Page: ${url}`);
    if (options.open && !await openPage(url)) {
      console.log("No browser could be opened: open that address yourself");
    }
  } catch (error) {
    // The port of the page, not that of the proxy.
    const line = explainFailure(error, { address });
    if (line === undefined) throw error;
    refuse(line.replace("--port", "--page-port"), 1);
  }
}
