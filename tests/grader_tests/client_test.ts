/**
 * Grading a client: the grader is the server.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Candidate, Check, Verdict } from "../grader/check.ts";
import { loadExercise } from "../grader/course.ts";
import { gradeAll } from "../grader/grade.ts";
import type { Target } from "../grader/target.ts";
import { needsPython } from "../peers.ts";

/** Grades what `source` says by `checks`. */
async function grade(
  source: string,
  extension: "py" | "ts",
  checks: Check[],
): Promise<Verdict[]> {
  const path = await Deno.makeTempFile({ suffix: `.${extension}` });
  const candidate: Candidate = extension === "ts"
    ? { kind: "file", path }
    : { kind: "command", command: `python3 ${path}` };
  try {
    await Deno.writeTextFile(path, source);
    const exercise = await loadExercise("07_event_loop");
    return await gradeAll({
      exercise: { ...exercise, checks },
      candidate,
      seed: 1,
    });
  } finally {
    await Deno.remove(path);
  }
}

function checkOf(run: (target: Target) => Promise<void>, name = "it"): Check {
  return { name, hint: "none", about: "none", page: "README.md", run };
}

function told(verdicts: Verdict[]): string {
  return verdicts.flatMap(({ report }) => report).join("\n");
}

/** The names of the checks that were not passed. */
function failed(verdicts: Verdict[]): string[] {
  return verdicts.filter(({ outcome }) => outcome !== "passed")
    .map(({ outcome, check }) => `${outcome}: ${check.name}`);
}

/** A client of lesson 07 in Python, around what reads a reply to `m`. */
const client = (reply: string) => `
import argparse, socket, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int)
s = socket.create_connection(("127.0.0.1", parser.parse_args().port))
for line in sys.stdin:
    line = line.rstrip("\\n")
    m = f"{time.time():.6f}:{line}".encode()
    s.sendall(m)
${reply}
    print(f"{time.time():.6f}:{reply.decode()}")
s.sendall(b"\\xff")
s.close()
`;

Deno.test(
  "a right client in Python passes every check",
  needsPython,
  async () => {
    const { checks } = await loadExercise("07_event_loop");
    const source = client(`
    reply = b""
    while b":" not in reply or len(reply) < reply.index(b":") + 1 + len(m):
        byte = s.recv(1)
        if not byte: sys.exit("Server closed connection")
        reply += byte`);
    const verdicts = await grade(source, "py", checks);
    assertEquals(failed(verdicts), [], told(verdicts));
  },
);

Deno.test(
  "a client that reads once for each reply, as the source's, fails at every chunking",
  needsPython,
  async () => {
    const { checks } = await loadExercise("07_event_loop");
    const verdicts = await grade(
      client("    reply = s.recv(1024)"),
      "py",
      checks,
    );
    assertEquals(failed(verdicts), [
      "failed: puts together a reply that comes one byte at a time",
      "failed: puts together a long reply that comes in pieces of any size",
      "failed: keeps a character whole that comes in two parts",
      "failed: keeps the beginning of the next reply for the next line",
      "failed: sends the next line only when the reply is complete",
      "failed: ends when the server has gone, and prints no part of a reply",
    ], told(verdicts));
  },
);

const connects = checkOf(async (target) => {
  const listener = await target.listen();
  target.run(listener);
  await listener.accept();
});

Deno.test("a client that ends without connecting is told how it ended and what it said", async () => {
  const verdicts = await grade(
    "console.error('I have no idea where'); Deno.exit(3);",
    "ts",
    [connects],
  );
  assertEquals(failed(verdicts), ["failed: it"]);
  const report = told(verdicts);
  assertStringIncludes(report, "has not connected to 127.0.0.1:");
  assertStringIncludes(report, "the program has ended with status 3");
  assertStringIncludes(report, "it said   I have no idea where");
});

Deno.test("a client that neither connects nor ends is tried once", async () => {
  let started = 0;
  const run = async (target: Target) => {
    const listener = await target.listen();
    target.run(listener);
    started++;
    await listener.accept();
  };
  const verdicts = await grade("setInterval(() => {}, 1000);", "ts", [
    checkOf(run, "first"),
    checkOf(run, "second"),
    checkOf(run, "third"),
  ]);
  assertEquals(failed(verdicts), [
    "failed: first",
    "failed: second",
    "failed: third",
  ]);
  for (const { report } of verdicts) {
    assertStringIncludes(report.join("\n"), "has not connected");
  }
  assertEquals(started, 1);
});

/** Connects to the port that it is told. */
const CONNECT = `
const port = Number(Deno.args[Deno.args.indexOf("--port") + 1]);
const conn = await Deno.connect({ hostname: "127.0.0.1", port });
`;

Deno.test("a client that has connected and ended is accepted all the same", async () => {
  const check = checkOf(async (target) => {
    const listener = await target.listen();
    await target.run(listener).ended;
    const server = await listener.accept();
    await server.expect("hello");
    await server.expectEnd();
    await target.program.expectExit(0);
  });
  const source = `${CONNECT}
    await conn.write(new TextEncoder().encode("hello"));
    conn.close();`;
  const verdicts = await grade(source, "ts", [check]);
  assertEquals(failed(verdicts), [], told(verdicts));
});

Deno.test(
  "a reset before the connection is accepted is no error of the grader's",
  needsPython,
  async () => {
    const check = checkOf(async (target) => {
      const listener = await target.listen();
      await target.run(listener).ended;
      const first = await listener.accept();
      await first.expectOver();
      await (await listener.accept()).expect("second");
    });
    const source = `
import socket, struct, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
s = socket.create_connection(("127.0.0.1", port))
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.close()
s = socket.create_connection(("127.0.0.1", port))
s.sendall(b"second")
`;
    const verdicts = await grade(source, "py", [check]);
    assertEquals(failed(verdicts), [], told(verdicts));
  },
);

Deno.test("what a client is given, and does not read, holds nobody up", async () => {
  const check = checkOf(async (target) => {
    const listener = await target.listen();
    const program = target.run(listener);
    await listener.accept();
    await program.type(`${"x".repeat(1_000_000)}\n`);
  });
  const verdicts = await grade(
    `${CONNECT} setInterval(() => conn, 1000);`,
    "ts",
    [check],
  );
  assertEquals(failed(verdicts), ["failed: it"]);
  assertStringIncludes(told(verdicts), "The program does not read its input");
  // And it is not printed whole.
  assertEquals(told(verdicts).length < 2000, true);
});

Deno.test({
  name: "the first pieces of what is sent are reads of their own",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const check = checkOf(async (target) => {
      const listener = await target.listen();
      target.run(listener);
      const server = await listener.accept();
      await server.send("abcdefgh", { pieces: "bytes" });
      await server.expect("1 1 ");
      await server.send(new Uint8Array([0]));
    });
    const source = `${CONNECT}
      const buffer = new Uint8Array(1024);
      while (true) {
        const count = await conn.read(buffer);
        if (count === null) break;
        await conn.write(new TextEncoder().encode(count + " "));
        // It is busy for a while after each.
        for (const end = Date.now() + 20; Date.now() < end;);
      }`;
    const verdicts = await grade(source, "ts", [check]);
    assertEquals(failed(verdicts), [], told(verdicts));
  },
});
