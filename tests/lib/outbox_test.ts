import { assert, assertEquals, assertThrows } from "@std/assert";
import { Outbox, SlowPeerError } from "../../lib/outbox.ts";
import { within } from "../deadline.ts";
import fc from "../fast_check.ts";
import { close, connectedPair, readAll } from "../loopback.ts";

/** A writer whose writes end when the test says so. */
class HeldWriter {
  /** The bytes of every write, as they are when it is called. */
  readonly writes: number[][] = [];
  /** How many writes have been under way at once, at most. */
  atOnce = 0;
  #pending: { length: number; end: PromiseWithResolvers<number> }[] = [];
  #called = Promise.withResolvers<void>();

  write(bytes: Uint8Array): Promise<number> {
    this.writes.push([...bytes]);
    const end = Promise.withResolvers<number>();
    this.#pending.push({ length: bytes.length, end });
    this.atOnce = Math.max(this.atOnce, this.#pending.length);
    this.#called.resolve();
    return end.promise;
  }

  /** Waits for a write, and has it take `count` bytes, or all. */
  async take(count = Infinity): Promise<void> {
    if (this.#pending.length === 0) await within("write", this.#called.promise);
    const write = this.#pending.shift();
    this.#called = Promise.withResolvers();
    write?.end.resolve(Math.min(count, write.length));
    await turn();
  }

  async fail(error: Error): Promise<void> {
    if (this.#pending.length === 0) await within("write", this.#called.promise);
    this.#pending.shift()?.end.reject(error);
    await turn();
  }
}

/** Lets everything run that waits for nothing. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

Deno.test("Outbox sends all that came while a write was under way in one write", async () => {
  const writer = new HeldWriter();
  const outbox = new Outbox(writer);
  outbox.push(bytes(1));
  await turn();
  outbox.push(bytes(2, 3));
  outbox.push(bytes(4));
  outbox.push(bytes(5));
  await writer.take();
  await writer.take();
  assertEquals(writer.writes, [[1], [2, 3, 4, 5]]);
  assertEquals(await outbox.close(), true);
});

Deno.test("Outbox sends all that is pushed in one go in one write", async () => {
  const writer = new HeldWriter();
  const outbox = new Outbox(writer);
  for (let value = 0; value < 5; value++) outbox.push(bytes(value));
  await writer.take();
  assertEquals(writer.writes, [[0, 1, 2, 3, 4]]);
});

Deno.test("Outbox goes on after a short write with the rest, before what came later", async () => {
  const writer = new HeldWriter();
  const outbox = new Outbox(writer);
  outbox.push(bytes(1, 2, 3, 4));
  await turn();
  outbox.push(bytes(5));
  await writer.take(1);
  assertEquals(outbox.waiting, 4);
  await writer.take(2);
  await writer.take();
  await writer.take();
  assertEquals(writer.writes, [[1, 2, 3, 4], [2, 3, 4], [4], [5]]);
  assertEquals(outbox.waiting, 0);
});

Deno.test("Outbox keeps order and loses nothing, with one write at a time, however much each takes", async () => {
  await fc.assert(fc.asyncProperty(
    // What is pushed, and what the writer takes in between: 0 is nothing yet.
    fc.array(
      fc.record({
        push: fc.uint8Array({ maxLength: 20 }),
        take: fc.nat({ max: 12 }),
      }),
      { maxLength: 30 },
    ),
    async (steps) => {
      const taken: number[] = [];
      const pushed: number[] = [];
      let atOnce = 0;
      let resume: () => void = () => {};
      let allowed = 0;
      const outbox = new Outbox({
        async write(bytes) {
          assertEquals(++atOnce, 1);
          while (allowed === 0) {
            await new Promise<void>((resolve) => resume = resolve);
          }
          const count = Math.min(bytes.length, allowed);
          allowed -= count;
          taken.push(...bytes.subarray(0, count));
          atOnce--;
          return count;
        },
      });
      for (const { push, take } of steps) {
        outbox.push(push);
        pushed.push(...push);
        allowed += take;
        resume();
        await Promise.resolve();
      }
      allowed = Infinity;
      resume();
      assertEquals(await outbox.close({ timeout: 10_000 }), true);
      assertEquals(taken, pushed);
    },
  ));
});

Deno.test("Outbox takes as much as the limit, and reports a slow peer, once, at one more byte", async () => {
  const writer = new HeldWriter();
  const failures: unknown[] = [];
  const outbox = new Outbox(writer, {
    maxLength: 10,
    onFailure: (error) => failures.push(error),
  });
  outbox.push(new Uint8Array(4)); // Under way, and waiting all the same.
  await turn();
  outbox.push(new Uint8Array(6));
  assertEquals([outbox.waiting, failures.length], [10, 0]);
  outbox.push(bytes(1));
  outbox.push(new Uint8Array(20));
  assertEquals(failures.length, 1);
  assert(failures[0] instanceof SlowPeerError);
  assertEquals(outbox.waiting, 0);
  await writer.take(); // What it takes now changes nothing.
  assertEquals(writer.writes.length, 1);
  assertEquals(await outbox.close(), false);
});

Deno.test("Outbox reports a slow peer also when very many small pieces wait", async () => {
  const failures: unknown[] = [];
  const outbox = new Outbox(new HeldWriter(), {
    onFailure: (error) => failures.push(error),
  });
  outbox.push(bytes(0));
  await turn(); // That one is under way.
  for (let count = 0; count < 16_384; count++) outbox.push(bytes(1));
  outbox.push(bytes()); // Nothing to send is no piece.
  assertEquals([outbox.waiting, failures.length], [16_385, 0]);
  outbox.push(bytes(2));
  assert(failures[0] instanceof SlowPeerError);
});

Deno.test("Outbox takes more again when the peer has read", async () => {
  const writer = new HeldWriter();
  const outbox = new Outbox(writer, { maxLength: 10 });
  for (let round = 0; round < 5; round++) {
    outbox.push(new Uint8Array(10));
    await writer.take();
  }
  assertEquals(await outbox.close(), true);
  assertEquals(writer.writes.length, 5);
});

Deno.test("Outbox reports what write threw, once, and drops the rest", async () => {
  const writer = new HeldWriter();
  const failures: unknown[] = [];
  const outbox = new Outbox(writer, {
    onFailure: (error) => failures.push(error),
  });
  outbox.push(bytes(1));
  await turn();
  outbox.push(bytes(2));
  const error = new Deno.errors.ConnectionReset();
  await writer.fail(error);
  outbox.push(bytes(3));
  assertEquals(failures, [error]);
  assertEquals(outbox.waiting, 0);
  assertEquals(await outbox.close(), false);
  assertEquals(writer.writes, [[1]]);
});

Deno.test("Outbox.close() waits for what is owed, and takes no more", async () => {
  const writer = new HeldWriter();
  const outbox = new Outbox(writer);
  outbox.push(bytes(1));
  await turn();
  outbox.push(bytes(2));
  const closed = outbox.close({ timeout: 10_000 });
  outbox.push(bytes(3));
  await writer.take();
  await writer.take();
  assertEquals(await within("the close", closed), true);
  assertEquals(writer.writes, [[1], [2]]);
});

Deno.test("Outbox.close() drops what the peer has not taken in time", async () => {
  const writer = new HeldWriter();
  const failures: unknown[] = [];
  const outbox = new Outbox(writer, {
    onFailure: (error) => failures.push(error),
  });
  outbox.push(bytes(1, 2));
  await turn();
  outbox.push(bytes(3));
  assertEquals(await outbox.close({ timeout: 5 }), false);
  assertEquals(outbox.waiting, 0);
  await writer.take(1); // It reads after all: nothing follows.
  assertEquals(writer.writes, [[1, 2]]);
  assertEquals(failures, []);
});

Deno.test("Outbox.close() ends at once when nothing is owed, also twice", async () => {
  const outbox = new Outbox(new HeldWriter());
  const never = 2 ** 31 - 1;
  const closed = Promise.all([
    outbox.close({ timeout: never }),
    outbox.close({ timeout: never }),
  ]);
  assertEquals(await within("the close", closed), [true, true]);
});

Deno.test("Outbox refuses a limit that is no limit", () => {
  for (const maxLength of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(
      () => new Outbox(new HeldWriter(), { maxLength }),
      RangeError,
      `maxLength must be at least 1, not ${maxLength}`,
    );
  }
});

Deno.test("a peer that reads none of it is reported over a connection, and one that reads gets all", async () => {
  using stuck = await connectedPair();
  using reading = await connectedPair();
  const failure = Promise.withResolvers<unknown>();
  const slow = new Outbox(stuck.server, {
    onFailure(error) {
      stuck.server.close(); // Ends the write that is under way.
      failure.resolve(error);
    },
  });
  const other = new Outbox(reading.server);
  const received = readAll(reading.client);
  const chunk = new Uint8Array(100_000).map((_, index) => index);
  let sent = 0;
  let failed: unknown;
  failure.promise.then((error) => failed = error);
  while (failed === undefined) {
    slow.push(chunk);
    other.push(chunk);
    sent += chunk.length;
    await turn();
    // The test is faster than any peer: give that one its time.
    while (other.waiting > 500_000) await turn();
  }
  assert(failed instanceof SlowPeerError);
  assertEquals(await other.close({ timeout: 20_000 }), true);
  await reading.server.closeWrite();
  const bytes = await within("all of it", received);
  assertEquals(bytes.length, sent);
  assertEquals(
    bytes.every((byte, index) => byte === index % 100_000 % 256),
    true,
  );
  close(stuck.client);
});
