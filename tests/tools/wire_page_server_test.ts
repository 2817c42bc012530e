/**
 * The page's server: what it hands out, to whom, and what it does not take.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { bytesOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { pageHandler } from "../../tools/wire/page_server.ts";
import type { Row } from "../../tools/wire/row.ts";
import { NONE } from "../../tools/wire/trouble.ts";
import { Through, type ThroughOptions } from "./wire_through.ts";

const PAGE = "http://127.0.0.1:8000";

/** The page of a proxy, asked without a network. */
class Page implements AsyncDisposable {
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

/** The rows of a stream of events, as they come. */
async function* rowsOf(response: Response): AsyncGenerator<Row[]> {
  let text = "";
  for await (
    const part of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    text += part;
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    for (const message of whole) {
      const [, data] = message.match(/^event: rows\ndata: (.*)$/) ?? [];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

/** The messages of a stream of events, until one is `last`. */
async function eventsOf(
  response: Response,
  last: (event: string, data: unknown) => boolean,
): Promise<[string, unknown][]> {
  const events: [string, unknown][] = [];
  let text = "";
  const stream = response.body!.pipeThrough(new TextDecoderStream());
  for await (const part of stream) {
    text += part;
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    for (const message of whole) {
      const [, event = "", data = ""] =
        message.match(/^event: (\w+)\ndata: (.*)$/) ?? [];
      events.push([event, JSON.parse(data)]);
      if (last(event, events.at(-1)?.[1])) return events;
    }
  }
  return events;
}

Deno.test("the page and its parts are there, and nothing else is", async () => {
  await using page = await Page.make();
  const html = await page.get("/");
  assertEquals(html.status, 200);
  assertMatch(html.headers.get("content-type") ?? "", /^text\/html/);
  assertMatch(await html.text(), /<!doctype html>/i);
  const script = await page.get("/page/main.ts");
  assertMatch(script.headers.get("content-type") ?? "", /^text\/javascript/);
  const source = await script.text();
  assert(!/^import type|: string\b/m.test(source), source);
  for (
    const path of [
      "/page/nothing.ts",
      "/page/../row.ts",
      "/page/%2e%2e%2frow.ts",
      "/page/..%2frow.ts",
      "/page/row.ts",
      "/row.ts",
      "/deno.json",
      "/page/",
      "/chunk/1",
      "/chunk/x",
    ]
  ) {
    const response = await page.get(path);
    assertEquals(response.status, 404, path);
    await response.body?.cancel();
  }
});

Deno.test("another site, and another name of this machine, are refused", async () => {
  await using page = await Page.make();
  const foreign = [
    () => page.handle(new Request("http://evil.example:8000/")),
    () => page.handle(new Request("http://evil.example:8000/events")),
    () => page.get("/trace", { origin: "http://evil.example" }),
    () => page.get("/events", { "sec-fetch-site": "cross-site" }),
    () => page.get("/events", { origin: "http://127.0.0.1:9999" }),
    () => page.post("/trouble", "{}", { origin: "null" }),
    () => page.post("/reset?conn=1", "", { "sec-fetch-site": "same-site" }),
    () => page.post("/again", "", { origin: "http://localhost:8000" }),
  ];
  for (const [index, ask] of foreign.entries()) {
    const response = await ask();
    assertEquals(response.status, 403, String(index));
    await response.body?.cancel();
  }
  const own = await page.get("/trace", { origin: PAGE });
  assertEquals(own.status, 200);
  await own.body?.cancel();
});

Deno.test("every answer forbids scripts, frames and forms of others", async () => {
  await using page = await Page.make();
  for (const path of ["/", "/trace", "/nothing", "/page/main.ts"]) {
    const response = await page.get(path);
    const policy = response.headers.get("content-security-policy") ?? "";
    assertMatch(policy, /default-src 'none'; script-src 'self';/);
    assertMatch(policy, /frame-ancestors 'none'/);
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    await response.body?.cancel();
  }
});

Deno.test("the rows so far come first, then new ones, with their messages", async () => {
  await using page = await Page.make({ framing: "lines" });
  using pair = await page.through.connect();
  await writeAll(pair.client, bytesOf("one\ntwo\nth"));
  await within("it", readExactly(pair.server, 10));
  const stream = await page.get("/events");
  const events = eventsOf(stream, (event, data) =>
    event === "rows" &&
    (data as Row[]).some((row) => row.kind === "chunk" && row.id === 3));
  await writeAll(pair.client, bytesOf("ree\n"));
  const told = await within("the rows", events);
  const rows = told.flatMap(([event, data]) =>
    event === "rows" ? data as Row[] : []
  );
  const chunks = rows.flatMap((row) => row.kind === "chunk" ? [row] : []);
  assertEquals(rows[0]?.kind, "connect");
  assertEquals(
    chunks.map(({ messages, left }) => [
      ...messages.map(({ base64 }) => atob(base64)),
      left,
    ]),
    [["one\n", "two\n", 2], ["three\n", 0]],
  );
  const [, state] = told.find(([event]) => event === "state") ?? [];
  assertMatch(JSON.stringify(state), /"framing":"lines".*"conn":1/);
  const bytes = await page.get("/chunk/2");
  assertEquals(await bytes.text(), "one\ntwo\nth");
});

Deno.test("the framing may be another one for each page", async () => {
  await using page = await Page.make({ framing: "lines" });
  using pair = await page.through.connect();
  await writeAll(pair.client, new Uint8Array([0, 0, 0, 1, 65, 0, 0, 0, 0]));
  await within("it", readExactly(pair.server, 9));
  const stream = await page.get("/events?framing=frames");
  const told = await within(
    "the rows",
    eventsOf(stream, (event) => event === "rows"),
  );
  const rows = told.find(([event]) => event === "rows")?.[1] as Row[];
  const chunk = rows.find((row) => row.kind === "chunk");
  assertEquals(chunk?.kind === "chunk" && chunk.messages.length, 2);
  const wrong = await page.get("/events?framing=xml");
  assertEquals(wrong.status, 400);
  await wrong.body?.cancel();
});

Deno.test("a trace is saved, and loaded again with the same rows", async () => {
  await using page = await Page.make({ framing: "lines" });
  using pair = await page.through.connect();
  await writeAll(pair.client, bytesOf("one\ntwo \u20ac\n"));
  await within("it", readExactly(pair.server, 12));
  const saved = await page.get("/trace");
  assertMatch(
    saved.headers.get("content-disposition") ?? "",
    /^attachment; filename=/,
  );
  const text = await saved.text();
  const loaded = await (await page.post("/load", text)).json();
  assertEquals(loaded.head, { to: "the test", framing: "lines" });
  assertEquals(
    loaded.rows.map(({ kind }: Row) => kind),
    page.through.events.map(({ kind }) => kind),
  );
  const wrong = await page.post("/load", text.replace('"client"', '"nobody"'));
  assertEquals(wrong.status, 400);
  assertMatch(await wrong.text(), /^Line \d+: /);
});

Deno.test("trouble, a half-close and a reset are done, or refused with a line", async () => {
  await using page = await Page.make();
  using pair = await page.through.connect();
  await page.through.happens(({ kind }) => kind === "connect");
  const troubles = { client: { ...NONE, cut: 1 }, server: NONE };
  const status = async (path: string, body = "") => {
    const response = await page.post(path, body);
    const line = await response.text();
    assert(response.status === 204 || /^[A-Z].+[^.\n]$/.test(line), line);
    return response.status;
  };
  assertEquals(await status("/trouble", JSON.stringify(troubles)), 204);
  assertEquals(page.through.proxy.troubles, troubles);
  assertEquals(await status("/trouble", "{"), 400);
  assertEquals(await status("/trouble", '{"client": {"cut": -1}}'), 400);
  assertEquals(await status("/end?conn=1&from=client"), 204);
  assertEquals(
    await within("the end", pair.server.read(new Uint8Array(1))),
    null,
  );
  assertEquals(await status("/end?conn=1&from=nobody"), 400);
  assertEquals(await status("/end?conn=9&from=client"), 404);
  assertEquals(await status("/reset?conn=1"), 204);
  await page.through.happens(({ kind }) => kind === "reset");
  assertEquals(await status("/reset?conn=1"), 404);
  assertEquals(await status("/again"), 404);
  assertEquals(await status("/nothing"), 404);
  const put = await page.handle(new Request(PAGE, { method: "PUT" }));
  assertEquals(put.status, 405);
  await put.body?.cancel();
});

Deno.test("a page that does not keep up misses some, and sees which by their numbers", async () => {
  await using page = await Page.make();
  const { recording } = page.through;
  const response = await page.get("/events");
  const rows = rowsOf(response);
  const ids: number[] = [];
  // As long as it is at what was there before, it gets all.
  while (!ids.some((id, at) => id !== at + 1)) {
    assert(recording.last < 500_000, "it gets all of them");
    const next = rows.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let count = 0; count < 30_000; count++) {
      recording.add(1, { kind: "note", note: String(count) });
    }
    for (let come = next;; come = rows.next()) {
      const { value = [] }: { value?: Row[] } = await within("rows", come);
      ids.push(...value.map(({ id }) => id));
      // What is left out is left out at the end.
      if (ids.length % 10_000 === 0 || ids.at(-1) === recording.last) break;
    }
  }
  await rows.return(undefined);
  assertEquals(new Set(ids).size, ids.length);
  assertEquals(ids, ids.toSorted((a, b) => a - b));
});

Deno.test("a page that is opened late does not hold up the wire", async () => {
  await using page = await Page.make();
  const { recording } = page.through;
  const bytes = new Uint8Array(300);
  for (let count = 0; count < 90_000; count++) {
    recording.add(1, { kind: "chunk", from: "client", bytes });
  }
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const stream = await page.get("/events");
  await within(
    "the last row",
    eventsOf(
      stream,
      (event, data) =>
        event === "rows" && (data as Row[]).at(-1)?.id === 90_000,
    ),
  );
  clearInterval(timer);
  // About as often as rows were sent.
  assert(turns >= 100, `${turns}`);
});
