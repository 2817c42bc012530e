/**
 * How the server starts, whom it invites, and how it ends.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startScript } from "../program.ts";
import { BOTH, connect, join, SERVER, startServer } from "./session.ts";

/** The addresses of this machine under which others reach it. */
const others = Deno.networkInterfaces().filter(({ family, address }) =>
  family === "IPv4" && !address.startsWith("127.")
);

for (const framing of BOTH) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.test(`${framing}: ${signal} delivers all that was said, and a last word`, async () => {
      await using server = startServer("--framing", framing);
      using anna = await join(server, "Anna", framing);
      using ben = await join(server, "Ben", framing);
      using unnamed = await connect(server, framing);
      const texts = Array.from(
        { length: 20 },
        (_, n) => `${n} ${"x".repeat(3000)}`,
      );
      await ben.say(...texts, "/who");
      assertEquals(await ben.hear(), "SERVER: 2 here: Anna, Ben"); // All is said.
      server.kill(signal);
      assertEquals(await ben.rest(), ["SERVER: The server is closing."]);
      assertEquals(await unnamed.rest(), []);
      assertEquals(await anna.rest(), [
        "SERVER: Ben has joined the chat.",
        ...texts.map((text) => `Ben: ${text}`),
        "SERVER: The server is closing.",
      ]);
      const { code, stdout, stderr } = await server.ending();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertMatch(stdout, /\nServer stopped\n$/);
    });
  }
}

Deno.test("--host 0.0.0.0 prints the command for the others, with the real port", async () => {
  await using server = startScript(
    SERVER,
    ["--host", "0.0.0.0", "--port", "0", "--framing", "frames"],
    ["-N", "--allow-sys=networkInterfaces"],
  );
  const port = await server.port();
  for (const { address, name } of others) {
    await server.stdout.match(
      new RegExp(
        `Others in this network \\(${RegExp.escape(name)}\\): ` +
          `deno task sandbox-client --host ${RegExp.escape(address)} ` +
          `--port ${port} --framing frames\n`,
      ),
    );
  }
  if (others.length === 0) {
    await server.stdout.match(/This machine is in no network\n/);
  }
  server.kill("SIGINT");
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  // The ready line, a line for each address, the farewell.
  assertEquals(
    stdout.split("\n").length,
    2 + Math.max(1, others.length) + 1,
  );
});

Deno.test("a server on all addresses is reached at each of this machine", async () => {
  await using server = startScript(
    SERVER,
    ["--host", "0.0.0.0", "--port", "0"],
    ["-N"],
  );
  const port = await server.port();
  const own = Deno.networkInterfaces().filter(({ family }) =>
    family === "IPv4"
  );
  for (const { address: hostname } of own) {
    using conn = await Deno.connect({ hostname, port });
    assertEquals(conn.remoteAddr.hostname, hostname);
  }
});

for (const permission of [[], ["--deny-sys"]]) {
  const given = permission.join(" ") || "without --allow-sys";
  Deno.test(`${given}: it starts all the same, and says how to find the address`, async () => {
    await using server = startScript(
      SERVER,
      ["--host", "0.0.0.0", "--port", "0"],
      ["-N", ...permission],
    );
    const port = await server.port();
    const command = `sandbox-client --host ADDRESS --port ${port}`;
    await server.stdout.match(
      new RegExp(
        `Others in this network: deno task ${command}\n` +
          'ADDRESS is that of this machine\\. "[^"\n]+" shows it\n',
      ),
    );
    assertEquals(server.stderr.text, "");
    using _anna = await join(server, "Anna");
  });
}

Deno.test({
  name:
    "a server on one address names that one, and needs no permission for it",
  ignore: others.length === 0,
  async fn() {
    const host = others[0]?.address ?? "";
    await using server = startScript(
      SERVER,
      ["--host", host, "--port", "0"],
      [`-N=${host}`],
    );
    const port = await server.port();
    await server.stdout.match(
      new RegExp(
        `\nOthers in this network: deno task sandbox-client ` +
          `--host ${RegExp.escape(host)} --port ${port}\n`,
      ),
    );
  },
});
