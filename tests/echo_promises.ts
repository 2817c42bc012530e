/**
 * What every server that echoes promises, as tests, whether it serves clients
 * one after the other or at once: each byte comes back, and nobody else hears
 * of a client that does not read.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../lib/bytes.ts";
import { bytesOf, connect, exchange, replyTo } from "./conversation.ts";
import { within } from "./deadline.ts";
import { readAll } from "./loopback.ts";
import { needsNc, runNc } from "./peers.ts";
import type { Program } from "./program.ts";
import { type Description, start, testsOf } from "./start_promises.ts";

/** Every byte value, and more than one buffer of a server. */
export const BYTES = new Uint8Array(5000).map((_, index) => index);

/** A client comes, is echoed and leaves; and there was no error so far. */
export async function assertEchoes(server: Program): Promise<void> {
  assertEquals(await replyTo(server, BYTES), BYTES);
  assertEquals(server.stderr.text, "");
}

/** That `bytes` come back on a connection that stays open. */
export async function assertEchoed(
  conn: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  assertEquals(await exchange(conn, bytes), bytes);
}

/**
 * Registers the tests of what every echo server promises. `after` tells what
 * holds when its client has gone: unless given, that it serves the next one.
 */
export function promisesOfEcho(
  server: Description,
  after: (program: Program) => Promise<void> = assertEchoes,
): void {
  const test = testsOf(server);

  test("everything owed is sent after a half-close, every byte value", async () => {
    await using program = start(server, 0);
    await assertEchoes(program);
    await after(program);
  });

  test("bytes that come one at a time are echoed", async () => {
    await using program = start(server, 0);
    using client = await connect(program);
    for (const byte of [...BYTES.subarray(0, 300), ...bytesOf("quit\n")]) {
      await assertEchoed(client, new Uint8Array([byte]));
    }
  });

  test("a client that sends 8 MB before it reads gets all of it", async () => {
    await using program = start(server, 0);
    using client = await connect(program);
    const bytes = new Uint8Array(8_000_000).map((_, index) => index % 251);
    const writing = writeAll(client, bytes).then(() => client.closeWrite());
    const echo = await within("the echo", readAll(client));
    await writing;
    assertEquals(echo.length, bytes.length);
    assertEquals(echo.every((byte, index) => byte === index % 251), true);
    await after(program);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} in the middle of a write ends it with status 0`, async () => {
      await using program = start(server, 0);
      using client = await connect(program);
      // Nobody reads: sooner or later the server waits in its write, and so do we.
      const bytes = new Uint8Array(64 * 1024 * 1024);
      const writing = writeAll(client, bytes).catch(() => "broken off");
      await program.stdout.match(/Connected by/);
      program.kill(signal);
      const { code, stderr } = await program.ending();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(await within("the write to fail", writing), "broken off");
    });
  }

  Deno.test("nc gets back what it sends, byte for byte", needsNc, async () => {
    await using program = start(server, 0);
    assertEquals(await runNc(await program.port(), "héllo\0\r\nwörld"), {
      code: 0,
      stdout: "héllo\0\r\nwörld",
      stderr: "",
    });
    await after(program);
  });
}
