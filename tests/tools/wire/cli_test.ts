/**
 * `deno task wire`, as somebody uses it in a terminal.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { writeAll } from "../../../lib/bytes.ts";
import { bytesOf, connect, textOf } from "../../conversation.ts";
import { within } from "../../deadline.ts";
import { readAll } from "../../loopback.ts";
import { type Ending, type Program, startScript } from "../../program.ts";
import { makeTemp } from "../../temp.ts";

function startWire(...args: string[]): Program {
  return startScript("tools/wire.ts", args, ["-A"]);
}

async function runWire(...args: string[]): Promise<Ending> {
  await using wire = startWire(...args);
  return await wire.ending();
}

/** A server that answers `PONG` to all that one client sends. */
async function answerOnce(listener: Deno.TcpListener): Promise<void> {
  using conn = await within("the wire", listener.accept());
  await within("the end", readAll(conn));
  await writeAll(conn, bytesOf("PONG\n"));
}

/** A client that sends `PING`, and reads the answer. */
async function ask(wire: Program): Promise<void> {
  using client = await connect(wire);
  await writeAll(client, bytesOf("PING\n"));
  await client.closeWrite();
  const answer = await within("the answer", readAll(client));
  assertEquals(textOf(answer), "PONG\n");
}

Deno.test("it stands in front of any server, and prints what happens", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = answerOnce(listener);
  const to = `127.0.0.1:${listener.addr.port}`;
  await using wire = startWire("--to", to, "--framing", "lines", "--text");
  await wire.stdout.match(/^Page: http:\/\/127\.0\.0\.1:\d+\/$/m);
  await ask(wire);
  await answered;
  await wire.stdout.match(/closed\n/);
  assertMatch(
    wire.stdout.text.replaceAll(/\d+\.\d{3} s/g, "T"),
    new RegExp([
      `^Listening on 127\\.0\\.0\\.1:\\d+, in front of ${to}`,
      "Page: .*",
      ` +T  client 1 +connects from .*, and the wire to ${to}`,
      ' +T  client 1 +--> 5 bytes  1 "PING\\\\n"',
      " +T  client 1 +the client will send no more",
      ' +T  client 1 +<-- 5 bytes  1 "PONG\\\\n"',
      " +T  client 1 +the server will send no more",
      " +T  client 1 +both have ended: closed\n",
    ].join("\n")),
  );
  wire.kill("SIGINT");
  const { code, stdout, stderr } = await wire.ending();
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /Wire stopped\n$/);
});

Deno.test("a trace is kept as it happens, and shown and replayed later", async () => {
  await using folder = await makeTemp();
  const file = `${folder.path}/trace.jsonl`;
  await using wire = startWire("stream", "--save", file, "--text");
  await wire.stdout.match(/closed\n/);
  // It is in the file although the program goes on.
  const shown = await runWire("--load", file, "--text");
  assertEquals([shown.code, shown.stderr], [0, ""]);
  assert(wire.stdout.text.includes(shown.stdout), shown.stdout);
  assertMatch(shown.stdout, / \| \d "a li" \.\.\.$/m);

  const framed = await runWire("--load", file, "--text", "--framing", "none");
  assert(!framed.stdout.includes(" | "), framed.stdout);

  const made = await runWire("--to-test", file);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertEquals(
    made.stdout,
    `Written: ${folder.path}/trace_test.ts\n` +
      `Run it:  deno test -N=127.0.0.1 ${folder.path}/trace_test.ts\n`,
  );

  const test = `${folder.path}/trace_test.ts`;
  await Deno.writeTextFile(test, "// edited\n", { append: true });
  const again = await runWire("--to-test", file);
  assertEquals([again.code, again.stdout], [1, ""]);
  assertEquals(
    again.stderr,
    `${test} is there, and stays as it is: --out FILE for another\n`,
  );
  assertMatch(await Deno.readTextFile(test), /\/\/ edited\n$/);

  wire.kill("SIGTERM");
  assertEquals((await wire.ending()).code, 0);
});

Deno.test("a lesson's server is not left behind", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using wire = startWire("chat", "--text");
  await wire.stdout.match(/client 1 +connects/);
  const path = `/proc/${wire.pid}/task/${wire.pid}/children`;
  const children = (await Deno.readTextFile(path)).trim().split(" ");
  assertEquals(children.length, 1);
  wire.kill("SIGINT");
  assertEquals((await wire.ending()).code, 0);
  for (const child of children) {
    const status = await Deno.readTextFile(`/proc/${child}/status`)
      .catch(() => "gone");
    assertMatch(status, /gone|State:\tZ/);
  }
});

Deno.test("the page of a saved trace needs no server", async () => {
  await using folder = await makeTemp();
  const file = `${folder.path}/trace.jsonl`;
  await Deno.writeTextFile(
    file,
    [
      '{"trace":1,"to":"127.0.0.1:1","framing":"lines"}',
      '{"at":1,"conn":1,"kind":"chunk","from":"client","text":"hi\\n"}',
    ].join("\n"),
  );
  await using wire = startWire("--load", file);
  const [, url = ""] = await wire.stdout.match(/^Page: (\S+)$/m);
  const trace = await within("the trace", fetch(`${url}trace`));
  assertMatch(await trace.text(), /"kind":"chunk","from":"client","text":"hi/);
  const reset = await within(
    "the refusal",
    fetch(`${url}reset?conn=1`, { method: "POST" }),
  );
  assertEquals(reset.status, 404);
  assertEquals(await reset.text(), "This is a trace, and not live");
});

Deno.test("what a person gets wrong is one line, and a status", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String(taken.addr.port);
  const to = ["--to", `127.0.0.1:${port}`];
  await using folder = await makeTemp();
  const broken = `${folder.path}/broken.jsonl`;
  await Deno.writeTextFile(broken, '{"trace":1,"to":"x","framing":"lines"}\n{');
  const trace = `${folder.path}/trace.jsonl`;
  await Deno.writeTextFile(
    trace,
    [
      '{"trace":1,"to":"x:1","framing":"lines"}',
      '{"at":1,"conn":1,"kind":"connect","client":"c","server":"s"}',
    ].join("\n"),
  );
  const load = ["--load", trace];
  const cases: [string[], number, RegExp][] = [
    [[], 2, /^Which server\? --to HOST:PORT, or a lesson: deno task wire/],
    [["nothing"], 2, /"nothing"/],
    [["echo", "chat"], 2, /^One lesson at a time/],
    [["echo", ...to], 2, /^Take a lesson or --to, not both$/],
    [["--to", "somewhere"], 2, /^--to takes an address such as/],
    [[...to, "--framing", "xml"], 2, /^--framing takes none, lines or frames/],
    [[...to, "--cut", "0.5"], 2, /^--cut takes a whole number from 0 to 65536/],
    [[...to, "--stall", "me"], 2, /^--stall takes client, server or both/],
    [
      ["--to", "127.0.0.1:9", "--port", port],
      1,
      /^Port \d+ is in use .*--port 0$/,
    ],
    [[...to, "--page-port", port], 1, /^Port \d+ is in use .*--page-port 0$/],
    [[...to, "--save", `${folder.path}/no/f`], 1, /no\/f cannot be used: No /],
    [["--load", `${folder.path}/no`], 1, /no cannot be used: No such file/],
    [["--load", broken], 1, /broken\.jsonl is no trace .*: Line 2 is no JSON/],
    [["--to-test", broken], 1, /broken\.jsonl is no trace .*: Line 2 is no/],
    [
      ["--to-test", trace, "--out", `${folder.path}/no/t.ts`],
      1,
      /no\/t\.ts cannot be used: No such file/,
    ],
    [
      ["--to", "localhost:12345", "--port", "12345"],
      2,
      /^--port 12345 is the server's own: the wire needs another one$/,
    ],
    [["echo", "--out", "t.ts"], 2, /^--out goes with --to-test$/],
    [[...load, "--to-test", trace], 2, /^Take --load or --to-test, not both$/],
    [[...load, "echo"], 2, /^A trace in a file .* take it without "echo"$/],
    [[...load, ...to], 2, /take it without --to$/],
    [[...load, "--save", "t"], 2, /take it without --save$/],
    [[...load, "--stall", "both"], 2, /take it without trouble$/],
    [[...load, "--end-after", "1"], 2, /take it without trouble$/],
  ];
  for (const [args, status, line] of cases) {
    const { code, stderr } = await runWire(...args);
    assertEquals([code, stderr.split("\n").length], [status, 2], stderr);
    assertMatch(stderr.trimEnd(), line);
  }
});

Deno.test("trouble from the command line is done, and told with its seed", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = answerOnce(listener);
  const to = `127.0.0.1:${listener.addr.port}`;
  await using wire = startWire(
    ...["--to", to, "--cut", "1", "--from", "client", "--seed", "5", "--text"],
  );
  await ask(wire);
  await answered;
  await wire.stdout.match(/closed\n/);
  const { text } = wire.stdout;
  assertMatch(
    text,
    /wire +what the client sends: cut into single bytes; what the server sends: as it comes \(seed 5\)/,
  );
  assertEquals(text.match(/\|-> 1 byte /g)?.length, 5, text);
  assertMatch(text, /->\| 5 bytes {2}"PING/);
});
