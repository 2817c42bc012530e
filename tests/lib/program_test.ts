import { assertEquals, assertStringIncludes } from "@std/assert";
import { Program, ROOT } from "../program.ts";

/** Starts a program whose `main` is `body`. */
function start(body: string, options: string): Program {
  const source = `
    import { runProgram } from "./lib/program.ts";
    await runProgram(async (signal, stop) => {
      const aborted = new Promise((resolve) => signal.onabort = resolve);
      const forever = new Promise((resolve) => setInterval(() => {}, 1000));
      ${body}
    }, {
      address: { hostname: "127.0.0.1", port: 0 },
      farewell: "Stopped",
      ${options}
    });
    Deno.exit(0);`;
  return new Program(Deno.execPath(), ["eval", source], { cwd: ROOT });
}

const READY = 'console.log("Ready");';

Deno.test("runProgram() without a grace ends at once", async () => {
  await using program = start(`${READY} await forever;`, "");
  await program.stdout.match(/Ready/);
  program.kill("SIGINT");
  const { code, stdout } = await program.ending();
  assertEquals({ code, stdout }, { code: 0, stdout: "Ready\nStopped\n" });
});

Deno.test("runProgram() with a grace lets the program finish", async () => {
  const body = `${READY} await aborted; console.log("Saved");`;
  await using program = start(body, "grace: 1_000_000");
  await program.stdout.match(/Ready/);
  program.kill("SIGTERM");
  const { code, stdout } = await program.ending();
  assertEquals({ code, stdout }, {
    code: 0,
    stdout: "Ready\nStopped\nSaved\n",
  });
});

Deno.test("runProgram() ends a program that its grace is not enough for", async () => {
  await using program = start(`${READY} await forever;`, "grace: 10");
  await program.stdout.match(/Ready/);
  program.kill("SIGINT");
  const { code, stdout } = await program.ending();
  assertEquals({ code, stdout }, { code: 0, stdout: "Ready\nStopped\n" });
});

Deno.test("a second Ctrl+C ends the program within its grace", async () => {
  await using program = start(`${READY} await forever;`, "grace: 1_000_000");
  await program.stdout.match(/Ready/);
  program.kill("SIGINT");
  await program.stdout.match(/Stopped/);
  program.kill("SIGINT");
  const { code, stdout } = await program.ending();
  assertEquals({ code, stdout }, { code: 0, stdout: "Ready\nStopped\n" });
});

Deno.test("runProgram() gives main what does the same as Ctrl+C", async () => {
  const body = `${READY} stop(); await aborted; console.log("Saved");`;
  await using program = start(body, "grace: 1_000_000");
  const { code, stdout } = await program.ending();
  assertEquals({ code, stdout }, {
    code: 0,
    stdout: "Ready\nStopped\nSaved\n",
  });
});

Deno.test("runProgram() hides no bug", async () => {
  await using program = start('throw new TypeError("A bug");', "");
  const { code, stderr } = await program.ending();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "TypeError: A bug");
});
