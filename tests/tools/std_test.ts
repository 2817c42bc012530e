import { assertEquals, assertMatch } from "@std/assert";
import { type Ending, Program, ROOT } from "../program.ts";
import {
  NOBODY,
  standInJsr,
  standInNpm,
  standInSilence,
} from "./registries.ts";

const LINKED =
  "JSR does not answer: @std comes from the npm registry (.std/)\n";

/** A fresh copy of the project, and a Deno that has loaded nothing yet. */
class Copy implements AsyncDisposable {
  private constructor(readonly folder: string, readonly cache: string) {}

  static async make(): Promise<Copy> {
    const copy = new Copy(await Deno.makeTempDir(), await Deno.makeTempDir());
    for (const path of ["deno.json", "lessons", "lib", "tools"]) {
      await copyInto(new URL(path, ROOT), `${copy.folder}/${path}`);
    }
    return copy;
  }

  start(args: string[], registries: { jsr: string; npm: string }): Program {
    return new Program(Deno.execPath(), args, {
      cwd: this.folder,
      env: {
        DENO_DIR: this.cache,
        JSR_URL: registries.jsr,
        NPM_CONFIG_REGISTRY: registries.npm,
      },
    });
  }

  async run(
    args: string[],
    registries: { jsr: string; npm: string },
  ): Promise<Ending> {
    await using program = this.start(args, registries);
    return await program.ending();
  }

  /** The packages that are linked. */
  async linked(): Promise<string[]> {
    try {
      const entries = await Array.fromAsync(
        Deno.readDir(`${this.folder}/.std`),
      );
      return entries.map((entry) => entry.name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
    await Deno.remove(this.cache, { recursive: true });
  }
}

async function copyInto(from: URL, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    await copyInto(new URL(`${from.href}/${name}`), `${to}/${name}`);
  }
}

const RUN_STD = ["run", "-A", "tools/std.ts"];
const PACKAGES = ["assert", "bytes", "cli", "streams"];
const NPM_PACKAGES = PACKAGES.map((name) => `npm-${name}`);

Deno.test("std.ts does nothing, and says nothing, where JSR answers", async () => {
  await using copy = await Copy.make();
  await using jsr = standInJsr(PACKAGES);
  const registries = { jsr: jsr.url, npm: NOBODY };
  const { code, stdout } = await copy.run(RUN_STD, registries);
  assertEquals({ code, stdout }, { code: 0, stdout: "" });
  assertEquals(await copy.linked(), []);
});

Deno.test("std.ts links the npm edition where JSR refuses, once, and the lessons run", async () => {
  await using copy = await Copy.make();
  const npm = await standInNpm();
  const registries = { jsr: NOBODY, npm: npm.url };
  const { code, stdout } = await copy.run(RUN_STD, registries);
  assertEquals({ code, stdout }, { code: 0, stdout: LINKED });
  assertEquals(await copy.linked(), NPM_PACKAGES);

  await npm[Symbol.asyncDispose](); // From here on there is no network at all.
  const again = await copy.run(RUN_STD, registries);
  assertEquals([again.code, again.stdout], [0, ""], again.stderr);

  const script = "lessons/01_echo/echo_server.ts";
  await using server = copy.start(
    ["run", "--no-prompt", "-N=127.0.0.1", script, "--port", "0"],
    registries,
  );
  await server.port();
});

Deno.test("std.ts links the npm edition where JSR takes the connection and is silent", async () => {
  await using copy = await Copy.make();
  await using jsr = standInSilence();
  await using npm = await standInNpm();
  const registries = { jsr: jsr.url, npm: npm.url };
  const { code, stdout } = await copy.run(RUN_STD, registries);
  assertEquals({ code, stdout }, { code: 0, stdout: LINKED });
  assertEquals(await copy.linked(), NPM_PACKAGES);
});

Deno.test("std.ts links all packages when JSR has only some of them", async () => {
  await using copy = await Copy.make();
  await using jsr = standInJsr(["assert"]);
  await using npm = await standInNpm();
  await copy.run(RUN_STD, { jsr: jsr.url, npm: npm.url });
  assertEquals(await copy.linked(), NPM_PACKAGES);
});

Deno.test("tasks started at once all find the packages whole", async () => {
  await using copy = await Copy.make();
  await using npm = await standInNpm();
  const registries = { jsr: NOBODY, npm: npm.url };
  const endings = await Promise.all(
    [1, 2, 3].map(() =>
      copy.run(["task", "echo-server", "--help"], registries)
    ),
  );
  for (const { code, stderr } of endings) assertEquals(code, 0, stderr);
});

Deno.test("a task brings .std/ back without a network", async () => {
  await using copy = await Copy.make();
  const npm = await standInNpm();
  const registries = { jsr: NOBODY, npm: npm.url };
  await copy.run(["task", "std"], registries);
  await npm[Symbol.asyncDispose](); // From here on there is no network at all.
  await Deno.remove(`${copy.folder}/.std`, { recursive: true });
  const help = ["task", "echo-server", "--help"];
  const { code, stdout, stderr } = await copy.run(help, registries);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^Sends back every byte/);
  assertEquals(await copy.linked(), NPM_PACKAGES);
});

Deno.test("where neither registry answers there is one line that says what to do", async () => {
  await using copy = await Copy.make();
  const ending = await copy.run(RUN_STD, { jsr: NOBODY, npm: NOBODY });
  assertEquals(ending.code, 1);
  const [line] = ending.stderr.split("\n").filter((line) =>
    !line.startsWith("Download")
  );
  assertMatch(line ?? "", /^The npm registry does not answer, .*once and try/);
});
