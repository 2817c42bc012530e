/**
 * The page over HTTP, for this machine alone.
 *
 * A page of another origin must not get at it, nor one whose name was made to
 * point here (DNS rebinding): so the request has to name this machine as its
 * host, and whatever changes something has to come from the page itself.
 *
 * @module
 */
import { isFraming } from "./framing.ts";
import { readPageFile } from "./page_files.ts";
import type { Recording } from "./recording.ts";
import { Rows } from "./row.ts";
import type { State } from "./state.ts";
import { streamOf } from "./stream.ts";
import { type Side, type Trace, TraceError } from "./trace.ts";
import { parseTrace } from "./trace_file.ts";
import { parseTroubles, type Troubles } from "./trouble.ts";

/** What the page can have done. */
export interface Controls {
  /** Does this to the bytes from now on. */
  trouble(troubles: Troubles): void;
  /** Half-closes a connection. Returns whether there is one of that number. */
  end(conn: number, from: Side): boolean;
  /** Resets a connection. Returns whether there is one of that number. */
  reset(conn: number): boolean;
  /** Runs the scripted client again. Returns whether there is one. */
  again(): boolean;
}

/** What a {@linkcode pageHandler} shows. */
export interface PageOptions {
  recording: Recording;
  state: () => Promise<State>;
  /** None for a trace in a file. */
  controls: Controls | null;
}

/** The longest trace that is loaded, in bytes. */
const MAX_TRACE = 128 * 1024 * 1024;

const TEXT = "text/plain; charset=utf-8";

/** What every answer says besides its content. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; script-src 'self'; " +
    "style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function answer(body: BodyInit | null, type: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { ...HEADERS, "content-type": type },
  });
}

const done = () => answer(null, TEXT, 204);
const refuse = (line: string, status = 400) => answer(line, TEXT, status);

/** Whether the request was made to this machine by its own name. */
function isLocal(url: URL): boolean {
  return url.hostname === "127.0.0.1" || url.hostname === "localhost";
}

/** Whether another site's page has made the request. */
function isForeign(request: Request, url: URL): boolean {
  const origin = request.headers.get("origin");
  if (origin !== null) return origin !== url.origin;
  // A browser that says nothing of an origin says this; others say nothing.
  const site = request.headers.get("sec-fetch-site") ?? "same-origin";
  return site !== "same-origin" && site !== "none";
}

/** Answers the requests of a page. */
export function pageHandler(
  options: PageOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    // Host is what the browser believes to have reached.
    const url = new URL(request.url);
    if (!isLocal(url)) return refuse("Only as 127.0.0.1 or localhost", 403);
    if (isForeign(request, url)) return refuse("Not from another site", 403);
    switch (request.method) {
      case "GET":
        return await read(url, options);
      case "POST":
        return await change(url, request, options);
      default:
        return refuse("Only GET and POST are answered here", 405);
    }
  };
}

async function read(url: URL, options: PageOptions): Promise<Response> {
  const { recording, state } = options;
  const { pathname, searchParams } = url;
  if (pathname === "/events") {
    const framing = searchParams.get("framing") ?? recording.head.framing;
    if (!isFraming(framing)) return refuse("There is no such framing");
    return answer(
      streamOf({ recording, framing, state }),
      "text/event-stream",
    );
  }
  if (pathname === "/trace") {
    const response = answer(
      ReadableStream.from(recording.lines())
        .pipeThrough(new TextEncoderStream()),
      "application/jsonl; charset=utf-8",
    );
    response.headers.set(
      "content-disposition",
      "attachment; filename=trace.jsonl",
    );
    return response;
  }
  const [, id] = pathname.match(/^\/chunk\/(\d+)$/) ?? [];
  if (id !== undefined) {
    const event = recording.find(Number(id));
    return event !== undefined && "bytes" in event
      ? answer(event.bytes as BodyInit, "application/octet-stream")
      : refuse("It was let go: there was no room for it any more", 404);
  }
  const [, name] = pathname.match(/^\/page\/([^/]+)$/) ?? [];
  const file = await readPageFile(pathname === "/" ? "index.html" : name ?? "");
  return file === null
    ? refuse("Not here. The page is at /", 404)
    : answer(file.text, file.type);
}

async function change(
  url: URL,
  request: Request,
  { controls }: PageOptions,
): Promise<Response> {
  if (url.pathname === "/load") return await load(url, request);
  if (controls === null) return refuse("This is a trace, and not live", 404);
  const conn = Number(url.searchParams.get("conn"));
  switch (url.pathname) {
    case "/trouble": {
      const troubles = parseTroubles(await request.json().catch(() => null));
      if (troubles === null) return refuse("There is no such trouble");
      controls.trouble(troubles);
      return done();
    }
    case "/end": {
      const from = url.searchParams.get("from");
      if (from !== "client" && from !== "server") {
        return refuse("Which side: client or server?");
      }
      return controls.end(conn, from)
        ? done()
        : refuse("This connection is over", 404);
    }
    case "/reset":
      return controls.reset(conn)
        ? done()
        : refuse("This connection is over", 404);
    case "/again":
      return controls.again()
        ? done()
        : refuse("There is no scripted client, or it runs", 404);
    default:
      return refuse("Not here", 404);
  }
}

/** The rows of a trace file that the page sends. */
async function load(url: URL, request: Request): Promise<Response> {
  const text = await textOf(request, MAX_TRACE);
  if (text === null) return refuse("The file is too long for a trace", 413);
  let trace: Trace;
  try {
    trace = parseTrace(text);
  } catch (error) {
    if (error instanceof TraceError) return refuse(error.message);
    throw error;
  }
  const { events, ...head } = trace;
  const framing = url.searchParams.get("framing") ?? head.framing;
  if (!isFraming(framing)) return refuse("There is no such framing");
  const rows = new Rows(framing, Infinity);
  const shown = events.map((event, index) => rows.row(event, index + 1));
  return answer(JSON.stringify({ head, rows: shown }), "application/json");
}

/** The body, `null` if it is longer than `most` bytes. */
async function textOf(request: Request, most: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > most) return null;
    chunks.push(chunk);
  }
  return await new Blob(chunks as BlobPart[]).text();
}
