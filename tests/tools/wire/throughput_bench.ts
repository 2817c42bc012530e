/**
 * What the wire costs: the same server, reached directly and through
 * `deno task wire`, with nobody looking at its page and with a page open. Each
 * program is a process of its own.
 *
 * @module
 */
import { readExactly, writeAll } from "../../../lib/bytes.ts";
import { type Program, startScript } from "../../program.ts";

const MIB = 1024 * 1024;

/** A server that reads all that comes, then answers with one byte. */
const SINK = `
using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log("Listening on 127.0.0.1:" + listener.addr.port);
const buffer = new Uint8Array(65536);
for await (const conn of listener) {
  while (await conn.read(buffer) !== null);
  await conn.write(new Uint8Array(1));
  conn.close();
}`;

const sinkFile = await Deno.makeTempFile({ suffix: ".ts" });
await Deno.writeTextFile(sinkFile, SINK);

/** A server, and the wire in front of it: once with a page open. */
interface Ways {
  direct: number;
  wire: number;
  watched: number;
}

const programs: Program[] = [];

async function started(script: string, ...args: string[]): Promise<Program> {
  const program = startScript(script, args, ["-A"]);
  programs.push(program);
  await program.port();
  return program;
}

/** Reads what a page would be told, and keeps nothing of it. */
async function look(wire: Program): Promise<void> {
  const [, url] = await wire.stdout.match(/^Page: (\S+)$/m);
  const { body } = await fetch(`${url}events`);
  body?.pipeTo(new WritableStream()).catch(() => {}); // Until the end.
}

async function waysTo(script: string, ...args: string[]): Promise<Ways> {
  const direct = await (await started(script, ...args)).port();
  const to = ["--to", `127.0.0.1:${direct}`];
  const wire = await started("tools/wire.ts", ...to);
  const watched = await started("tools/wire.ts", ...to);
  await look(watched);
  return { direct, wire: await wire.port(), watched: await watched.port() };
}

const echo = await waysTo(
  "lessons/06_concurrent/concurrent_server.ts",
  "--port",
  "0",
);
const sink = await waysTo(sinkFile);
globalThis.addEventListener("unload", () => {
  for (const program of programs) program.kill("SIGKILL");
  Deno.removeSync(sinkFile);
});

/** The same for each way. */
function compare(
  group: string,
  ways: Ways,
  run: (port: number) => Promise<void>,
): void {
  const named = {
    direct: "direct",
    wire: "through the wire",
    watched: "through the wire, a page open",
  };
  for (const [way, name] of Object.entries(named)) {
    const port = ways[way as keyof Ways];
    Deno.bench(
      name,
      { group, baseline: way === "direct" },
      async () => await run(port),
    );
  }
}

compare("256 MiB, one way, to a server that only reads", sink, async (port) => {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const chunk = new Uint8Array(65_536);
  for (let sent = 0; sent < 256 * MIB; sent += chunk.length) {
    await writeAll(conn, chunk);
  }
  await conn.closeWrite();
  await readExactly(conn, 1);
});

compare("8 MiB there and back, the echo of lesson 06", echo, async (port) => {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const sending = writeAll(conn, new Uint8Array(8 * MIB));
  const buffer = new Uint8Array(65_536);
  for (let come = 0; come < 8 * MIB;) come += await conn.read(buffer) ?? 0;
  await sending;
});

compare("200 lines, each waiting for its echo", echo, async (port) => {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const line = new TextEncoder().encode("Hello, can you help?\n");
  for (let count = 0; count < 200; count++) {
    await writeAll(conn, line);
    await readExactly(conn, line.length);
  }
});
