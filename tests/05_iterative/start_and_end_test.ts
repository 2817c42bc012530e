/**
 * How the server of lesson 05 starts and how it ends.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { type Program, startScript } from "../program.ts";

function startServer(args = ["--port", "0"]): Program {
  return startScript("lessons/05_iterative/iterative_server.ts", args);
}

async function connect(server: Program): Promise<Deno.TcpConn> {
  return await Deno.connect({ port: await server.port() });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} while it waits for a client`, async () => {
    await using server = startServer();
    const port = await server.port();
    server.kill(signal);
    assertEquals(await server.ending(), {
      code: 0,
      stdout: `Listening on 127.0.0.1:${port}\nServer stopped\n`,
      stderr: "",
    });
  });

  Deno.test(`the server ends on ${signal} with one client served and one waiting`, async () => {
    await using server = startServer();
    using first = await connect(server);
    await server.stdout.match(/Connected by/);
    using second = await connect(server);
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\nServer stopped\n$/);
    assertEquals(await within("the end", first.read(new Uint8Array(1))), null);
    // The system breaks off the connection that was never accepted.
    await within("the end", second.read(new Uint8Array(1)).catch(() => null));
  });

  Deno.test(`the server ends on ${signal} in the middle of a write`, async () => {
    await using server = startServer();
    using client = await connect(server);
    const bytes = new Uint8Array(64 * 1024 * 1024); // Nobody reads them.
    const writing = writeAll(client, bytes).catch(() => "broken off");
    await server.stdout.match(/Connected by/);
    server.kill(signal);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(await within("the write to fail", writing), "broken off");
  });
}

Deno.test("a port in use is named", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using server = startServer(["--port", String(listener.addr.port)]);
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, /^Port \d+ is in use by another program\. [^\n]*\n$/);
});

for (
  const [what, args, line] of [
    [
      "a port out of range",
      ["--port", "70000"],
      '--port takes a whole number from 0 to 65535, not "70000"\n',
    ],
    [
      "an unknown flag",
      ["--patience", "5"],
      "There is no flag --patience; see --help\n",
    ],
  ] as const
) {
  Deno.test(`${what} gets one line and status 2`, async () => {
    await using server = startServer([...args]);
    assertEquals(await server.ending(), { code: 2, stdout: "", stderr: line });
  });
}

Deno.test("--help lists the flags, with status 0", async () => {
  await using server = startServer(["--help"]);
  const { code, stdout } = await server.ending();
  assertEquals(code, 0);
  for (
    const word of ["deno task iterative-server", "--host", "--port", "5001"]
  ) {
    assertStringIncludes(stdout, word);
  }
});
