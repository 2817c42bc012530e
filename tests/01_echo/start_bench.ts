/**
 * From the start of a process to the ready line, next to a program that does
 * nothing.
 *
 * @module
 */
import { ROOT, startScript } from "../program.ts";

const group = "start of a process";
const empty = await Deno.makeTempFile({ suffix: ".ts" });
globalThis.addEventListener("unload", () => Deno.removeSync(empty));

Deno.bench(
  "an empty program, to its end",
  { group, baseline: true },
  async () => {
    await new Deno.Command(Deno.execPath(), {
      args: ["run", empty],
      cwd: ROOT,
    }).output();
  },
);

Deno.bench("echo_server.ts, to its ready line", { group }, async (b) => {
  b.start();
  await using server = startScript(
    "lessons/01_echo/echo_server.ts",
    ["--port", "0"],
  );
  await server.port();
  b.end();
});
