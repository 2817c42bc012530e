/**
 * A proxy that stands between, with all that shows it.
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { randomSeed } from "../../tests/grader/random.ts";
import { Demo, DemoError, demoOf } from "./demo/demo.ts";
import type { Controls } from "./page_server.ts";
import { type Address, TcpProxy } from "./proxy.ts";
import { Recording } from "./recording.ts";
import { refuse, refuseFile } from "./refuse.ts";
import { saveTo } from "./save.ts";
import type { State } from "./state.ts";
import { printTrace, servePage } from "./tell.ts";
import { isNone, troubleText } from "./trouble.ts";
import { troublesIn, type WireFlags } from "./usage.ts";

/** Stands between clients and a server. Let go of it, and nothing runs. */
export class Live implements AsyncDisposable {
  readonly #flags: WireFlags;
  readonly #lesson: string | null;
  readonly #demo: Demo | null;
  readonly #proxy: TcpProxy;
  readonly #recording: Recording;
  readonly #seed: number;
  /** The server: that of a lesson may be another one each time. */
  #to: Address;
  #address: Address;
  #playing = false;

  private constructor(
    flags: WireFlags,
    to: Address,
    lesson: string | null,
    demo: Demo | null,
  ) {
    this.#flags = flags;
    this.#to = to;
    this.#lesson = lesson;
    this.#demo = demo;
    this.#seed = flags.seed ?? randomSeed();
    this.#address = { hostname: "127.0.0.1", port: flags.port };
    const framing = flags.framing ??
      (lesson === null ? "none" : demoOf(lesson).framing);
    this.#recording = new Recording({ to: formatAddress(to), framing });
    this.#proxy = new TcpProxy({
      to: () => this.#to,
      recording: this.#recording,
      seed: this.#seed,
      troubles: troublesIn(flags),
    });
  }

  /** In front of a server, or of that of a lesson. */
  static async make(to: Address | string, flags: WireFlags): Promise<Live> {
    if (typeof to !== "string") return new Live(flags, to, null, null);
    await using stack = new AsyncDisposableStack();
    const demo = stack.use(new Demo(demoOf(to)));
    const address = await serverOf(demo);
    stack.move();
    return new Live(flags, address, to, demo);
  }

  /** Begins: listens, says where, and plays the lesson's script. */
  async start(): Promise<void> {
    const { save, text, open, "page-port": port } = this.#flags;
    if (save !== "") this.#save(save);
    this.#address = await this.#proxy.listen(this.#address);
    console.log(
      `Listening on ${formatAddress(this.#address)}, ` +
        `in front of ${this.#recording.head.to}`,
    );
    await servePage({
      recording: this.#recording,
      state: () => this.#state(),
      controls: this.#controls,
      port,
      open,
    });
    if (text) printTrace(this.#recording);
    this.#noteTroubles();
    this.#play();
  }

  async #state(): Promise<State> {
    return {
      address: formatAddress(this.#address),
      to: formatAddress(this.#to),
      framing: this.#recording.head.framing,
      lesson: this.#lesson,
      troubles: this.#proxy.troubles,
      open: await this.#proxy.open(),
    };
  }

  get #controls(): Controls {
    const connection = (number: number) => this.#proxy.connection(number);
    return {
      trouble: (troubles) => {
        this.#proxy.troubles = troubles;
        this.#noteTroubles(true);
      },
      end: (conn, from) => {
        connection(conn)?.halfClose(from);
        return connection(conn) !== undefined;
      },
      reset: (conn) => {
        const found = connection(conn);
        found?.reset();
        return found !== undefined;
      },
      again: () => this.#play(),
    };
  }

  /** Runs the lesson's script, if there is one that does not run. */
  #play(): boolean {
    const demo = this.#demo;
    if (demo === null || this.#playing) return false;
    this.#playing = true;
    const run = async () => {
      this.#to = await serverOf(demo);
      await demo.run(this.#address.port);
      // Some servers serve one client and end; the next one may be yours.
      this.#to = await serverOf(demo);
    };
    run().catch((error) => {
      if (!(error instanceof DemoError)) throw error;
      // With trouble on purpose it may have to fail.
      this.#recording.add(0, { kind: "note", note: error.message });
    }).finally(() => this.#playing = false);
    return true;
  }

  #save(path: string): void {
    try {
      saveTo(
        path,
        this.#recording,
        (why) => console.error(`${path} cannot be written any more: ${why}`),
      );
    } catch (error) {
      refuseFile(path, error);
    }
  }

  /** Says in the trace what is done to the bytes, if something is, or was. */
  #noteTroubles(always = false): void {
    const { client, server } = this.#proxy.troubles;
    if (!always && isNone(client) && isNone(server)) return;
    this.#recording.add(0, {
      kind: "note",
      note: `what the client sends: ${troubleText(client)}; ` +
        `what the server sends: ${troubleText(server)} (seed ${this.#seed})`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
    await this.#demo?.[Symbol.asyncDispose]();
  }
}

/** Where the lesson's server listens, which is started if it does not run. */
async function serverOf(demo: Demo): Promise<Address> {
  try {
    return { hostname: "127.0.0.1", port: await demo.target() };
  } catch (error) {
    if (error instanceof DemoError) refuse(error.message, 1);
    throw error;
  }
}
