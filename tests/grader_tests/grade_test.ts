import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { within } from "../deadline.ts";
import { has, Program } from "../program.ts";
import type { Candidate, Check, Exercise, Verdict } from "../grader/check.ts";
import { loadExercise } from "../grader/course.ts";
import { gradeAll } from "../grader/grade.ts";
import { MARK } from "../grader/process.ts";

const python = await has("python3");

/** A program in a file that is gone in the end. */
async function file(source: string, extension = "py") {
  const path = await Deno.makeTempFile({ suffix: `.${extension}` });
  await Deno.writeTextFile(path, source);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path);
    },
  };
}

/** Grades a program by some of the checks of a lesson, or all of them. */
async function grade(
  lesson: string,
  candidate: Candidate,
  names?: string[],
): Promise<Map<string, Verdict>> {
  const exercise = await loadExercise(lesson);
  const checks = names === undefined
    ? exercise.checks
    : exercise.checks.filter(({ name }) => names.includes(name));
  const verdicts = await gradeAll({
    exercise: { ...exercise, checks },
    candidate,
    seed: 1,
  });
  return new Map(verdicts.map((verdict) => [verdict.check.name, verdict]));
}

function failed(verdicts: Map<string, Verdict>): string[] {
  return [...verdicts.values()]
    .filter(({ outcome }) => outcome !== "passed")
    .map(({ check, outcome }) => `${outcome}: ${check.name}`);
}

/** The report on all that has gone wrong. */
function reports(verdicts: Map<string, Verdict>): string {
  return [...verdicts.values()].flatMap(({ report }) => report).join("\n");
}

/** An echo server in Python, for one client; `before` comes first. */
const echo = (before = "") => `
import os, signal, socket, sys, time
${before}
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(1)
print("Server listening on", s.getsockname())
conn, addr = s.accept()
with conn:
    while data := conn.recv(1024):
        conn.sendall(data)
`;

Deno.test({
  name:
    "a right answer in Python passes every check, with its ready line in Python's way",
  ignore: !python,
  async fn() {
    await using program = await file(echo());
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command });
    assertEquals(failed(verdicts), [], reports(verdicts));
  },
});

Deno.test({
  name: "a right answer that takes three seconds to start passes",
  ignore: !python,
  async fn() {
    await using program = await file(echo("time.sleep(3)"));
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command }, [
      "sends back what it gets",
    ]);
    assertEquals(failed(verdicts), [], reports(verdicts));
  },
});

Deno.test({
  name:
    "a program that ignores SIGTERM, and its children that left the group, are ended",
  ignore: !python || Deno.build.os !== "linux",
  async fn() {
    await using program = await file(echo(`
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(600)
`));
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command });
    assertEquals(failed(verdicts), [], reports(verdicts));
    assertEquals(marked(program.path), []);
  },
});

/** The processes of a grading that have `word` in their command. */
function marked(word: string): string[] {
  const found: string[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const read = (part: string) =>
        Deno.readTextFileSync(`/proc/${name}/${part}`);
      if (read("environ").includes(MARK) && read("cmdline").includes(word)) {
        found.push(`${name} ${read("cmdline").replaceAll("\0", " ")}`);
      }
    } catch {
      // It has just ended.
    }
  }
  return found;
}

Deno.test({
  name:
    "a server without a ready line fails with its address, and passes by --connect",
  ignore: !python,
  async fn() {
    await using program = await file(`
import socket, threading
s = socket.create_server(("127.0.0.1", 0))
def serve(conn):
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data)
        except OSError:
            pass
while True:
    conn, _ = s.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
`);
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command }, [
      "sends back what it gets",
    ]);
    const report = reports(verdicts);
    assertStringIncludes(report, "but has not said so");
    const place = report.match(/--connect 127\.0\.0\.1:(\d+)/);
    assert(Deno.build.os !== "linux" || place !== null, report);

    // Now it runs for itself, and is graded as it runs.
    await using server = new Program("python3", [
      "-u",
      "-c",
      `${await Deno.readTextFile(program.path)}`.replace(
        "\ndef serve",
        '\nprint("Listening on", s.getsockname()[1])\ndef serve',
      ),
    ]);
    const [, port] = await server.stdout.match(/Listening on (\d+)/);
    const connected = await grade("01_echo", {
      kind: "address",
      hostname: "127.0.0.1",
      port: Number(port),
    });
    // It does not end after one client, and nobody can see whether it would.
    assertEquals(failed(connected), ["skipped: ends when its client has gone"]);
  },
});

Deno.test({
  name: "nc -l is found to be no echo",
  ignore: !await has("nc"),
  async fn() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const command =
      `echo Listening on 127.0.0.1:${port}; nc -l 127.0.0.1 ${port}`;
    const verdicts = await grade("01_echo", { kind: "command", command }, [
      "sends back what it gets",
    ]);
    const [verdict] = verdicts.values();
    assertEquals(verdict?.outcome, "failed", reports(verdicts));
  },
});

/** The echo client's counterpart in the source texts: one `recv`, one `sendall`. */
const SOURCE_ECHO = `
import socket
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    s.listen(1)
    print("Listening on", s.getsockname())
    conn, addr = s.accept()
    data = conn.recv(1024).decode()
    conn.sendall(data.encode())
    conn.close()
`;

Deno.test({
  name:
    "a server that decodes one read is found by the checks for bytes, length and the second message",
  ignore: !python,
  async fn() {
    await using program = await file(SOURCE_ECHO);
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command });
    assertEquals(failed(verdicts).sort(), [
      "failed: answers again and again on one connection",
      "failed: sends back a long message whole",
      "failed: sends back every byte value, unchanged",
      "failed: sends back one byte at a time",
      "failed: sends what it owes after the client's last word, then closes",
    ]);
    // Its traceback is shown where it died of the bytes.
    const bytes = verdicts.get("sends back every byte value, unchanged");
    assertStringIncludes(bytes?.report.join("\n") ?? "", "UnicodeDecodeError");
  },
});

Deno.test("a program that floods its outputs and the wire gets a short and harmless report", async () => {
  await using program = await file(
    `
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log("Listening on 127.0.0.1:" + listener.addr.port);
const conn = await listener.accept();
const junk = new Uint8Array(1_000_000).map((_, index) => index % 256);
junk.set(new TextEncoder().encode("\\x1b[2J\\x1b]0;title\\x07"));
for (let round = 0; round < 5; round++) {
  Deno.stdout.writeSync(junk);
  Deno.stderr.writeSync(junk);
  let pending = junk;
  while (pending.length > 0) pending = pending.subarray(await conn.write(pending));
}
`,
    "ts",
  );
  const verdicts = await grade("01_echo", {
    kind: "file",
    path: program.path,
  });
  assertEquals(failed(verdicts).length, verdicts.size);
  for (const { report } of verdicts.values()) {
    const text = report.join("\n");
    assert(text.length < 6000, `${text.length} characters`);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(text), text);
  }
});

Deno.test("a program that is silent fails with words, not with a hang", async () => {
  await using program = await file(
    "await new Promise(() => setInterval(() => {}, 1000));",
    "ts",
  );
  const verdicts = await grade("01_echo", {
    kind: "file",
    path: program.path,
  }, ["sends back what it gets", "answers again and again on one connection"]);
  const report = reports(verdicts);
  assertStringIncludes(report, "The program runs, but does not listen");
});

Deno.test("what goes wrong in a check is the grader's fault, and is told so", async () => {
  const check: Check = {
    name: "breaks",
    hint: "none",
    about: "none",
    page: "README.md",
    run() {
      throw new TypeError("this check is wrong");
    },
  };
  const exercise: Exercise = {
    lesson: "01_echo",
    summary: "none",
    kind: "server",
    checks: [check],
  };
  const [verdict] = await within(
    "the verdict",
    gradeAll({
      exercise,
      candidate: { kind: "file", path: "tests/01_echo/solution.ts" },
      seed: 1,
    }),
  );
  assertEquals(verdict?.outcome, "error");
  const report = verdict?.report.join("\n") ?? "";
  assertStringIncludes(
    report,
    "The grader itself has failed, not your program",
  );
  assertStringIncludes(report, "this check is wrong");
});

Deno.test("nothing is left in the folder for temporary files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tests/grade.ts", "echo", "--run", "false"],
      env: { TMPDIR: folder, NO_COLOR: "1" },
    }).output();
    assertEquals(code, 1);
    assertStringIncludes(
      new TextDecoder().decode(stdout),
      "The program ended with status 1 before it listened",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
