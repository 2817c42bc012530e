import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { pathToFileURL } from "node:url";
import { writeAll } from "../../../lib/bytes.ts";
import {
  Demo,
  DemoError,
  demoNames,
  demoOf,
} from "../../../tools/wire/demo/demo.ts";
import type { LessonDemo } from "../../../tools/wire/demo/demos.ts";
import { within } from "../../deadline.ts";
import { lessonNames } from "../../grader/course.ts";
import { close } from "../../loopback.ts";

/** A pass-through that keeps what each read from a client has brought. */
class Recorder implements AsyncDisposable {
  readonly chunks: Uint8Array[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns: Deno.TcpConn[] = [];
  readonly #done: Promise<unknown>;

  constructor(target: number) {
    this.#done = this.#serve(target);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async #serve(target: number): Promise<void> {
    const tasks: Promise<void>[] = [];
    for await (const client of this.#listener) {
      const server = await Deno.connect({ port: target });
      this.#conns.push(client, server);
      tasks.push(
        this.#pass(client, server, this.chunks).catch(() => {}),
        this.#pass(server, client, []).catch(() => {}),
      );
    }
    await Promise.all(tasks);
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, chunks: Uint8Array[]) {
    const buffer = new Uint8Array(65_536);
    for (let count; (count = await from.read(buffer)) !== null;) {
      chunks.push(buffer.slice(0, count));
      await writeAll(to, buffer.subarray(0, count));
    }
    await to.closeWrite();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of [this.#listener, ...this.#conns]) close(resource);
    await within("the pass-through to end", this.#done);
  }
}

/** What each read from the client of a demo has brought, as Latin-1 text. */
async function chunksOf(lesson: string): Promise<string[]> {
  await using demo = new Demo(demoOf(lesson));
  await using recorder = new Recorder(await demo.target());
  await within(`the demo of ${lesson}`, demo.run(recorder.port));
  return recorder.chunks.map((chunk) => String.fromCharCode(...chunk));
}

/** How many connections to `port` a program has not closed. Linux only. */
async function countOpen(port: number): Promise<number> {
  if (Deno.build.os !== "linux") return 0;
  const rows = (await Deno.readTextFile("/proc/net/tcp")).split("\n");
  return rows.filter((row) => {
    const [, , remote = "", state = ""] = row.trim().split(/\s+/);
    // 01 is ESTABLISHED; 08, CLOSE_WAIT, waits for the program to close it.
    return parseInt(remote.slice(-4), 16) === port && /^0[18]$/.test(state);
  }).length;
}

async function assertNobodyListens(port: number): Promise<void> {
  const connected = Deno.connect({ port }).then((conn) => conn.close());
  await assertRejects(() => connected, Deno.errors.ConnectionRefused);
}

Deno.test("every lesson of the course has a demo, and no other name has one", async () => {
  assertEquals(demoNames(), await lessonNames());
  for (const name of demoNames()) assertEquals(demoOf(name).lesson, name);
  assertThrows(() => demoOf("12_more"), RangeError, 'No demo of "12_more"');
});

Deno.test("every demo runs against its server, and again, and leaves nothing behind", async () => {
  await Promise.all(
    demoNames().map(async (name) => {
      const ports = new Set<number>();
      {
        await using demo = new Demo(demoOf(name));
        for (let round = 0; round < 2; round++) {
          const port = await within(`the server of ${name}`, demo.target());
          ports.add(port);
          await within(`the demo of ${name}`, demo.run(port));
          assertEquals(await countOpen(port), 0, `connections of ${name}`);
        }
      }
      // A server that serves one client was started a second time.
      assertEquals(ports.size, demoOf(name).servesOne ? 2 : 1, name);
      for (const port of ports) await assertNobodyListens(port);
    }),
  );
});

Deno.test("the demo of 03_stream shows lines merged, a line and a character split, and a tail", async () => {
  const chunks = await chunksOf("03_stream");
  const starts = (text: string) =>
    chunks.findIndex((chunk) => chunk.startsWith(text));
  assertEquals(chunks[0], "hello\n");
  assert(chunks.includes("good\nmorning\n"), "two lines in one chunk");

  const half = chunks.indexOf("half\na li");
  assert(half !== -1, "the beginning of a line");
  assertEquals(chunks[half + 1], "ne\n");

  const euro = chunks.findIndex((chunk) => chunk.endsWith("\xe2"));
  assert(euro !== -1, "the first byte of three");
  assertEquals(starts("\x82\xac"), euro + 1);

  assertMatch(chunks.at(-1) ?? "", /\n[^\n]+$/);
});

Deno.test("the demo of 04_frames shows two frames in one chunk, a split header and an empty frame", async () => {
  const chunks = await chunksOf("04_frames");
  const [hello, world] = ["\0\0\0\x05hello", "\0\0\0\x05world"];
  assertEquals(chunks[0], hello);
  assert(chunks.includes("\0\0\0\0"), "a frame without a payload");
  assert(chunks.includes(`${hello}${world}`), "two frames in one chunk");

  const split = chunks.indexOf(`${hello}\0\0`);
  assert(split !== -1, "two bytes of a length");
  assertEquals(chunks[split + 1], "\0\x05world");
  assertEquals(chunks.at(-1), "\0\0\0", "the end in the middle of a frame");
});

Deno.test("a server that cannot start is told of in one line", async () => {
  for (
    const [changes, why] of [
      [{ server: "no_such.ts" }, /ended before it listened: error: .*no_such/],
      [{ flags: ["--wrong"] }, /ended before it listened: .*--wrong/],
      [{ permissions: [] }, /ended before it listened: .*not given net access/],
      [{ lesson: "04_frames", server: "sha256.ts" }, /before it listened$/],
    ] as const
  ) {
    const { flags = [], permissions = ["-N=127.0.0.1"], ...others } = {
      ...demoOf("03_stream"),
      ...changes,
    };
    await using demo = new Demo({
      ...others,
      flags: [...flags],
      permissions: [...permissions],
    });
    const error = await assertRejects(() => demo.target(), DemoError);
    assertMatch(error.message, why);
    assert(!error.message.includes("\n"), error.message);
  }
});

/** The demo of 03_stream, with this for a server. */
async function demoWith(
  source: string,
  run: (demo: LessonDemo) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, source);
    const server = pathToFileURL(path).href;
    await run({ ...demoOf("03_stream"), server });
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a server that does not say where it listens is ended when its time is over", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  const flags = [String(port)];
  const silent = `
    const port = Number(Deno.args.at(-1));
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    console.log("Here we go");
    await listener.accept();`;
  free.close();
  await demoWith(silent, async (lesson) => {
    await using demo = new Demo({ ...lesson, flags }, { startLimit: 1500 });
    const error = await assertRejects(() => demo.target(), DemoError);
    const expected = "The server of 03_stream did not listen within 1.5 s";
    assertEquals(error.message, expected);
    await assertNobodyListens(port);
  });
});

Deno.test("the last words of a server that dies of the script are in the error", async () => {
  const mortal = `
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    console.log("Listening on 127.0.0.1:" + listener.addr.port);
    await (await listener.accept()).read(new Uint8Array(9));
    throw new Error("Alas");`;
  await demoWith(mortal, async (lesson) => {
    await using demo = new Demo(lesson);
    const port = await demo.target();
    const error = await assertRejects(() => demo.run(port), DemoError);
    assertMatch(error.message, /^The demo of 03_stream has failed: .*: Alas$/);
    assertNotEquals(await demo.target(), port); // It was started again.
  });
});

Deno.test("letting go of a demo ends it while it starts, and while it runs", async () => {
  const starting = new Demo(demoOf("03_stream"));
  const target = assertRejects(() => starting.target(), DemoError);
  await within("the end of one that starts", starting[Symbol.asyncDispose]());
  await target;

  const running = new Demo(demoOf("03_stream"));
  const port = await running.target();
  const run = assertRejects(() => running.run(port), DemoError, "stopped");
  await assertRejects(() => running.run(port), DemoError, "it runs already");
  await within("the end of one that runs", running[Symbol.asyncDispose]());
  await run;
  await assertNobodyListens(port);
});

Deno.test("a run ends when its signal says so, and when nobody listens", async () => {
  await using demo = new Demo(demoOf("03_stream"));
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr;
  const stop = new AbortController();
  const run = assertRejects(() => demo.run(port, stop.signal), Error, "enough");
  const conn = await within("the client", silent.accept());
  stop.abort(new Error("enough"));
  await within("the run to end", run);
  conn.close();

  silent.close();
  const error = await assertRejects(() => demo.run(port), DemoError);
  const why = "nobody listens on the port";
  assertEquals(error.message, `The demo of 03_stream has failed: ${why}`);
});
