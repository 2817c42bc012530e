/**
 * What the page of the wire is told as it happens.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readExactly, writeAll } from "../../../lib/bytes.ts";
import { bytesOf } from "../../conversation.ts";
import { within } from "../../deadline.ts";
import type { Row } from "../../../tools/wire/row.ts";
import { Page } from "./page_asked.ts";

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
