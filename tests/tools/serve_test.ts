import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { readAll } from "../loopback.ts";
import { Program, ROOT } from "../program.ts";

function startServe(args = ["--host", "127.0.0.1", "--port", "0"]): Program {
  return new Program(Deno.execPath(), [
    "run",
    "--no-prompt",
    "--allow-net",
    "--allow-sys=networkInterfaces",
    "--allow-read",
    "--allow-run",
    "--allow-env",
    "tools/serve.ts",
    ...args,
  ], { cwd: ROOT });
}

/** Sends a request as it is, which `fetch` would put right. */
async function request(
  port: number,
  head: string,
  host = "127.0.0.1",
): Promise<string> {
  using conn = await Deno.connect({ port });
  const lines = [head, `Host: ${host}`, "Connection: close", "", ""];
  await writeAll(conn, new TextEncoder().encode(lines.join("\r\n")));
  const bytes = await within(`the answer to ${head}`, readAll(conn));
  return new TextDecoder().decode(bytes);
}

/** The flags and the path of every program that a task runs. */
const PROGRAMS = Object.values(config.tasks).flatMap(({ command }) => {
  const parts = command.match(/^deno run (.+) (lessons\/.+\.ts)$/);
  return parts === null
    ? []
    : [{ flags: parts[1] ?? "", path: parts[2] ?? "" }];
});

Deno.test("every lesson runs from the server alone, with an empty cache", async () => {
  await using serve = startServe();
  const port = await serve.port();
  const cache = await Deno.makeTempDir();
  try {
    const env = {
      DENO_DIR: cache,
      // Nobody answers at port 9: JSR and npm are out of reach.
      JSR_URL: "http://127.0.0.1:9/",
      NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/",
    };
    for (const { flags, path } of PROGRAMS) {
      const url = `http://127.0.0.1:${port}/${path}`;
      await using program = new Program(
        Deno.execPath(),
        ["run", "--no-prompt", ...flags.split(" "), url, "--help"],
        { cwd: cache, env },
      );
      const { code, stdout, stderr } = await program.ending();
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "--help");
    }

    // One that is a single program, and one that starts workers from the URL.
    for (
      const [flags, script] of [
        ["-N=127.0.0.1", "01_echo/echo_server.ts"],
        ["-N --unstable-net", "06_concurrent/workers_server.ts"],
      ] as const
    ) {
      const url = `http://127.0.0.1:${port}/lessons/${script}`;
      await using server = new Program(
        Deno.execPath(),
        ["run", "--no-prompt", ...flags.split(" "), url, "--port", "0"],
        { cwd: cache, env },
      );
      using client = await Deno.connect({ port: await server.port() });
      await writeAll(client, new Uint8Array([1, 2, 3]));
      await client.closeWrite();
      const reply = await within("the echo", readAll(client));
      assertEquals(reply, new Uint8Array([1, 2, 3]));
    }
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("nothing outside lessons/ and lib/ is handed out, whatever the path", async () => {
  await using serve = startServe();
  const port = await serve.port();
  const outside = [
    "/deno.json",
    "/README.md",
    "/tools/serve.ts",
    "/.git/HEAD",
    "/lessons/../deno.json",
    "/lessons/%2e%2e/deno.json",
    "/lessons/..%2fdeno.json",
    "/lessons/..%5cdeno.json",
    "/lessons/..\\deno.json",
    "/lessons/01_echo/../../deno.json",
    "/lessons//deno.json",
    "/lessons/./../deno.json",
    "/lessons/01_echo/%00",
    "/lessons/%ff",
    "/lessons/01_echo",
    "/lessons/01_echo/",
    "/lessons",
    "/lib/",
    "/std/../package.json",
    "/std/%2e%2e/1.4.0/package.json",
    "//etc/passwd",
    "/lessons//etc/passwd",
    "/etc/passwd",
    "/work/01_echo/exercise.ts",
    "/constructor/a",
    "/__proto__/a",
  ];
  for (const path of outside) {
    const reply = await request(port, `GET ${path} HTTP/1.1`);
    assertMatch(reply, /^HTTP\/1\.1 40[04] /, path);
    assertEquals(/tasks|root:|ref:/.test(reply), false, path);
  }
});

Deno.test("a link that leads outside is not followed", async () => {
  await using serve = startServe();
  const port = await serve.port();
  const link = new URL("lib/link_of_a_test.ts", ROOT);
  await Deno.symlink(new URL("deno.json", ROOT), link);
  try {
    const reply = await request(port, "GET /lib/link_of_a_test.ts HTTP/1.1");
    assertMatch(reply, /^HTTP\/1\.1 404 /);
  } finally {
    await Deno.remove(link);
  }
});

Deno.test("Deno gets TypeScript with imports that stay on the server, a browser gets text", async () => {
  await using serve = startServe();
  const url = `http://127.0.0.1:${await serve.port()}/lib/flags.ts`;

  const module = await fetch(url);
  assertEquals(
    module.headers.get("content-type"),
    "application/typescript; charset=utf-8",
  );
  const source = await module.text();
  assertStringIncludes(source, 'from "/std/cli/parse_args.js";');

  const shown = await fetch(url, { headers: { accept: "text/html,*/*" } });
  assertEquals(shown.headers.get("content-type"), "text/plain; charset=utf-8");
  assertEquals(await shown.text(), source);

  const posted = await fetch(url, { method: "POST" });
  assertEquals(posted.status, 405);
  await posted.body?.cancel();
});

Deno.test("the start page lists every lesson with the command to paste", async () => {
  await using serve = startServe();
  const port = await serve.port();
  const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  for (const { flags, path } of PROGRAMS) {
    assertStringIncludes(
      page,
      `<pre>deno run ${flags} http://127.0.0.1:${port}/${path}</pre>`,
    );
  }
});

Deno.test("a server for everybody names addresses that others can reach", async () => {
  await using serve = startServe(["--port", "0"]);
  const port = await serve.port();
  await serve.stdout.match(/^Start page: http:\/\/[\d.]+:\d+\/\n/m);
  const { stdout } = serve;
  assertMatch(stdout.text, new RegExp(`^Listening on 0\\.0\\.0\\.0:${port}\n`));
  assertEquals(stdout.text.includes("http://0.0.0.0"), false);

  // The teacher's own browser is shown what the others can use as well.
  const others =
    Deno.networkInterfaces().find(({ family, address }) =>
      family === "IPv4" && !address.startsWith("127.")
    )?.address ?? "127.0.0.1";
  const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  assertStringIncludes(page, `http://${others}:${port}/lessons/`);

  // A student is shown the address that has just worked.
  const host = `classroom.example:${port}`;
  const reply = await request(port, "GET / HTTP/1.1", host);
  assertStringIncludes(reply, `http://${host}/lessons/`);
});

Deno.test("a port in use gets one line and status 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await using serve = startServe(["--host", "127.0.0.1", "--port", `${port}`]);
  const { code, stdout, stderr } = await serve.ending();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, /^Port \d+ is in use by another program\.[^\n]*\n$/);
});

Deno.test("SIGINT ends the server with status 0", async () => {
  await using serve = startServe();
  await serve.stdout.match(/Start page/);
  serve.kill("SIGINT");
  const { code, stdout } = await serve.ending();
  assertEquals(code, 0);
  assertMatch(stdout, /\nServer stopped\n$/);
});
