/**
 * The page of the wire in a browser, as tests look at it.
 *
 * @module
 */
/// <reference lib="dom" />
import { Buffer } from "node:buffer";
import axe from "npm:axe-core@4.14.1";
import { type Browser, launchChromium, type Page } from "../../chromium.ts";
import { within } from "../../deadline.ts";
import { type Ending, type Program, startScript } from "../../program.ts";

/** How long the page may take for one thing, in milliseconds. */
const LIMIT = 20_000;

/** A row of the table as it looks. */
export interface Shown {
  /** The text of its bytes, or what happened. */
  text: string;
  /** The background of each message's bytes, as it is drawn. */
  bytes: string[];
  /** The same of the messages that are complete with it, and of what is left. */
  messages: string[];
}

/** The page. It has to have nothing to complain about. */
export class WirePage {
  readonly page: Page;
  /** Errors, warnings, and whatever the content security policy has stopped. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message) => {
      const type = message.type();
      if (type === "error" || type === "warning") {
        this.complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      this.complaints.push(dialog.message());
      dialog.dismiss();
    });
  }

  static async open(browser: Browser, url: string): Promise<WirePage> {
    const context = await browser.newContext({
      acceptDownloads: true,
      colorScheme: "light",
      viewport: { width: 1280, height: 900 },
    });
    context.setDefaultTimeout(LIMIT);
    const opened = new WirePage(await context.newPage());
    await opened.page.goto(url);
    return opened;
  }

  /** The rows that can be seen and have this text. */
  rows(text: string | RegExp) {
    return this.page.locator("#rows tr", { hasText: text });
  }

  /** How many rows the table has, seen or not. */
  async count(): Promise<number> {
    const table = this.page.locator("#table");
    return Number(await table.getAttribute("aria-rowcount")) - 1;
  }

  /** How the first row with this text looks. */
  async shown(text: string | RegExp): Promise<Shown> {
    return await this.rows(text).first().evaluate((row) => {
      const colours = (selector: string) =>
        Array.from(
          row.querySelectorAll(selector),
          (found) => getComputedStyle(found).backgroundColor,
        );
      return {
        text: row.querySelector(".bytes, .event")?.textContent ?? "",
        bytes: colours(".bytes > span"),
        messages: colours(".messages > span"),
      };
    });
  }

  /** What the rows say that can be seen, without the time. */
  async texts(): Promise<string[]> {
    return await this.page.locator("#rows tr").evaluateAll((rows) =>
      rows.map((row) =>
        Array.from(row.children, (cell) => cell.textContent).slice(1).join(" ")
      )
    );
  }

  /** Waits until the line about what just happened says this. */
  async says(text: string): Promise<void> {
    await this.page.locator("#status", { hasText: text }).waitFor();
  }

  /** Waits until something is so. */
  async until(what: string, is: () => Promise<boolean>): Promise<void> {
    let over = false;
    const become = async () => {
      while (!over && !await is()) await this.nextFrame();
    };
    try {
      await within(what, become(), LIMIT);
    } finally {
      over = true;
    }
  }

  /** Waits until the page was drawn again. */
  async nextFrame(): Promise<void> {
    await this.page.evaluate(() =>
      new Promise((resolve) => requestAnimationFrame(() => resolve(null)))
    );
  }

  /** Has the page load a trace file. */
  async load(name: string, text: string): Promise<void> {
    await this.page.locator("#load").setInputFiles({
      name,
      mimeType: "text/plain",
      buffer: Buffer.from(text),
    });
  }

  /** What makes the page hard or impossible to use for some, in words. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    return await this.page.evaluate(async () => {
      const { axe: here } = globalThis as unknown as { axe: typeof axe };
      const { violations } = await here.run();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
    });
  }
}

/** The wire in front of a lesson's server, and its page in a browser. */
export class OpenWire implements AsyncDisposable {
  readonly #wire: Program;
  readonly #browser: Browser;
  #stopped: Promise<Ending> | null = null;

  private constructor(
    wire: Program,
    browser: Browser,
    readonly wirePage: WirePage,
    /** Where clients connect to. */
    readonly port: number,
  ) {
    this.#wire = wire;
    this.#browser = browser;
  }

  static async make(lesson: string): Promise<OpenWire> {
    await using stack = new AsyncDisposableStack();
    const wire = stack.use(startScript("tools/wire.ts", [lesson], ["-A"]));
    const browser = await within("Chromium to start", launchChromium(), 60_000);
    stack.defer(() => browser.close());
    const [, url = ""] = await wire.stdout.match(/Page: (\S+)/);
    const wirePage = await WirePage.open(browser, url);
    const port = await wire.port();
    stack.move();
    return new OpenWire(wire, browser, wirePage, port);
  }

  /** Ends the wire in order: killed, it would leave the lesson's server. */
  stop(): Promise<Ending> {
    if (this.#stopped === null) {
      this.#wire.kill("SIGINT");
      this.#stopped = this.#wire.ending();
    }
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using _ = this.#wire;
    await this.#browser.close();
    await this.stop();
  }
}
