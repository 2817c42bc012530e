/**
 * What the servers of lesson 06 promise, as tests: they serve their clients at
 * once, and one that is silent or stuck holds up nobody.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { connect } from "../conversation.ts";
import { within } from "../deadline.ts";
import { assertEchoed, assertEchoes, BYTES } from "../echo_promises.ts";
import { readAll } from "../loopback.ts";
import { type Description, start, testsOf } from "../start_promises.ts";

/** Registers the tests. */
export function promisesAtOnce(server: Description): void {
  const test = testsOf(server);

  test("300 clients that say nothing keep nobody waiting", async () => {
    await using program = start(server, 0);
    using clients = new DisposableStack();
    const silent: Deno.TcpConn[] = [];
    for (let count = 0; count < 300; count++) {
      silent.push(clients.use(await connect(program)));
    }
    for (let count = 0; count < 10; count++) await assertEchoes(program);
    await assertEchoed(silent[150] as Deno.TcpConn, BYTES);
  });

  test("a client that sends 8 MB and reads none of it holds up only itself", async () => {
    await using program = start(server, 0);
    using stuck = await connect(program);
    const bytes = new Uint8Array(8_000_000).map((_, index) => index % 251);
    const writing = writeAll(stuck, bytes).then(() => stuck.closeWrite());
    await assertEchoes(program);
    const echo = await within("the echo", readAll(stuck)); // Now it reads.
    await writing;
    assertEquals(echo.length, bytes.length);
    assertEquals(echo.every((byte, index) => byte === index % 251), true);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} ends it with a silent client and one that does not read`, async () => {
      await using program = start(server, 0);
      using silent = await connect(program);
      using stuck = await connect(program);
      const bytes = new Uint8Array(64 * 1024 * 1024);
      const writing = writeAll(stuck, bytes).catch(() => "broken off");
      await program.stdout.match(/Connected by[^]*Connected by/);
      program.kill(signal);
      const { code, stderr } = await program.ending();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(await within("the write to fail", writing), "broken off");
      assertEquals(await within("the end", readAll(silent)), new Uint8Array());
    });
  }
}
