/**
 * The page's server: what it hands out, to whom, and what it does not take.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readExactly, writeAll } from "../../../lib/bytes.ts";
import { bytesOf } from "../../conversation.ts";
import { within } from "../../deadline.ts";
import type { Row } from "../../../tools/wire/row.ts";
import { NONE } from "../../../tools/wire/trouble.ts";
import { PAGE, Page } from "./page_asked.ts";

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
