/**
 * A real browser for tests: Debian's Chromium, driven by playwright-core. Here
 * rather than in deno.json, because `deno task` loads every package named there.
 *
 * @module
 */
import type { Browser, Page } from "npm:playwright-core@1.65.1";

export type { Browser, Page };

/** Where Debian's package puts it. */
const PATH = "/usr/bin/chromium";

/** Nothing that a test does not need, and no network of its own. */
const FLAGS = [
  "--no-sandbox", // It refuses to run as root with it.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether there is a browser; where there is none, one line says so. */
export function hasChromium(): boolean {
  try {
    return Deno.statSync(PATH).isFile;
  } catch {
    console.log(`Skipped: a test in a browser, for want of ${PATH}`);
    return false;
  }
}

/** Starts a browser without a window, which has to be closed. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import("npm:playwright-core@1.65.1");
  return await chromium.launch({ executablePath: PATH, args: FLAGS });
}
