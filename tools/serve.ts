/**
 * Hands the lessons to a classroom over HTTP, so that a machine with nothing
 * but Deno can run them: `deno run -N=127.0.0.1 http://ADDRESS/lessons/...`
 *
 * It serves `lessons/`, `lib/` and a page that lists the lessons. What they
 * import from JSR comes from here too: the students need no other network.
 *
 * Run: deno task serve
 *
 * @module
 */
import { formatAddress } from "../lib/address.ts";
import { hostFlag, listenPortFlag } from "../lib/flag.ts";
import { flagsOrExit } from "../lib/flags.ts";
import { runProgram } from "../lib/program.ts";
import { addressOfPage, localAddresses } from "./serve/address.ts";
import { readServedFile, type ServedFile } from "./serve/files.ts";
import { listLessons } from "./serve/lessons.ts";
import { startPage } from "./serve/page.ts";
import { type NpmFolders, npmFolders } from "./std.ts";

/** Content types by extension. A browser asks for HTML and is shown text. */
const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  md: "text/markdown; charset=utf-8",
  png: "image/png",
  ts: "application/typescript; charset=utf-8",
};
const TEXT = "text/plain; charset=utf-8";

/** What every answer says besides its content. */
const HEADERS = {
  "cache-control": "no-cache",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff",
};

function answer(body: BodyInit, type: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { ...HEADERS, "content-type": type },
  });
}

function answerFile(file: ServedFile, request: Request): Response {
  const type = TYPES[file.extension] ?? "application/octet-stream";
  const browser = request.headers.get("accept")?.includes("text/html");
  return answer(file.body, browser && !type.startsWith("image/") ? TEXT : type);
}

async function respond(
  request: Request,
  packages: NpmFolders,
  bound: Deno.NetAddr,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return answer("Only GET is answered here\n", TEXT, 405);
  }
  const { pathname } = new URL(request.url);
  if (pathname === "/") {
    const host = addressOfPage(request, bound);
    const page = startPage(await listLessons(), host);
    return answer(page, "text/html; charset=utf-8");
  }
  const file = await readServedFile(pathname, packages);
  return file === null
    ? answer("Not here. The lessons are listed at /\n", TEXT, 404)
    : answerFile(file, request);
}

if (import.meta.main) {
  const { host: hostname, port } = flagsOrExit({
    command: "deno task serve",
    about: "Hands the lessons to a classroom over HTTP.",
    flags: {
      host: hostFlag("address to listen on", "0.0.0.0"),
      port: listenPortFlag(8000),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    const packages = await npmFolders();
    const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve({
      ...address,
      onListen(bound) {
        console.log(`Listening on ${formatAddress(bound)}`);
        for (const reached of localAddresses(bound)) {
          console.log(`Start page: http://${formatAddress(reached)}/`);
        }
      },
    }, (request) => respond(request, packages, server.addr));
    await server.finished;
  }, { address, farewell: "Server stopped" });
}
