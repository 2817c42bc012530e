import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  loopWithRace,
  loopWithReadyList,
  measureLoop,
} from "../../lessons/07_event_loop/measure.ts";
import { within } from "../deadline.ts";
import { Program, ROOT, startScript } from "../program.ts";

const SERVER = "lessons/07_event_loop/timestamp_server.ts";

for (const makeLoop of [loopWithReadyList, loopWithRace]) {
  for (const active of [1, 5]) {
    Deno.test(`${makeLoop.name}() handles every message of ${active} of 5 clients`, async () => {
      const cost = measureLoop(makeLoop, 5, active);
      assert(await within("the measurement", cost) > 0);
    });
  }
}

Deno.test("--measure prints a table and ends by itself", async () => {
  await using server = startScript(SERVER, ["--measure"]);
  await server.stdout.match(/^ {9}10( +\d+\.\d){4}$/m);
  await server.stdout.match(/^ {8}100( +\d+\.\d){4}$/m);
  await server.stdout.match(/^ {7}1000 /m);
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  // Some systems allow only a few hundred open sockets.
  assertMatch(
    stdout,
    /^Microseconds for one message:\n\n {19}ready list {11}Promise\.race\nconnections {2}all ready {2}one ready {2}all ready {2}one ready\n.*\n.*\n {7}1000(( +\d+\.\d){4}| {2}the system allows fewer open sockets)\n$/,
  );
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends --measure with status 0`, async () => {
    await using server = startScript(SERVER, ["--measure"]);
    await server.stdout.match(/Microseconds/);
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /Server stopped\n$/);
  });
}

Deno.test({
  name: "--measure says when the system has too few sockets",
  ignore: Deno.build.os === "windows",
  async fn() {
    const command = `ulimit -n 400; exec "$0" run -N=127.0.0.1 ${SERVER} "$@"`;
    await using server = new Program("sh", [
      "-c",
      command,
      Deno.execPath(),
      "--measure",
    ], { cwd: ROOT });
    const { code, stdout } = await server.ending();
    assertEquals(code, 0);
    assertMatch(
      stdout,
      /\n {7}1000 {2}the system allows fewer open sockets\n$/,
    );
  },
});
