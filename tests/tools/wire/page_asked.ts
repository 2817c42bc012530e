/**
 * The page's server, asked without a network.
 *
 * @module
 */
import { pageHandler } from "../../../tools/wire/page_server.ts";
import { Through, type ThroughOptions } from "./through.ts";

/** Where it would be. */
export const PAGE = "http://127.0.0.1:8000";

/** The page of a proxy. */
export class Page implements AsyncDisposable {
  private constructor(
    readonly through: Through,
    readonly handle: (request: Request) => Promise<Response>,
  ) {}

  static async make(options: ThroughOptions = {}): Promise<Page> {
    const through = await Through.make(options);
    const { recording, proxy } = through;
    const handle = pageHandler({
      recording,
      state: async () => ({
        address: `127.0.0.1:${through.port}`,
        to: recording.head.to,
        framing: recording.head.framing,
        lesson: null,
        troubles: proxy.troubles,
        open: await proxy.open(),
      }),
      controls: {
        trouble: (troubles) => proxy.troubles = troubles,
        end: (conn, from) => {
          proxy.connection(conn)?.halfClose(from);
          return proxy.connection(conn) !== undefined;
        },
        reset: (conn) => {
          const connection = proxy.connection(conn);
          connection?.reset();
          return connection !== undefined;
        },
        again: () => false,
      },
    });
    return new Page(through, handle);
  }

  async get(path: string, headers: Record<string, string> = {}) {
    return await this.handle(new Request(PAGE + path, { headers }));
  }

  async post(path: string, body = "", headers: Record<string, string> = {}) {
    const init = { method: "POST", body, headers };
    return await this.handle(new Request(PAGE + path, init));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.through[Symbol.asyncDispose]();
  }
}
