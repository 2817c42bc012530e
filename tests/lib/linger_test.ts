import { assertEquals } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { linger } from "../../lib/linger.ts";
import { within } from "../deadline.ts";
import {
  close,
  connectedPair,
  connectResetting,
  readAll,
} from "../loopback.ts";

const WORDS = new TextEncoder().encode("ERROR: Line too long\n");

Deno.test("linger() gets the last words through to a peer that is still sending", async () => {
  using pair = await connectedPair();
  const sent = (async () => {
    await writeAll(pair.client, new Uint8Array(500_000));
    await pair.client.closeWrite();
  })();
  await readExactly(pair.server, 1); // The rest waits, unread.
  await writeAll(pair.server, WORDS);
  await within("the end of the peer", linger(pair.server, { timeout: 1e6 }));
  pair.server.close();
  await sent;
  assertEquals(await within("the words", readAll(pair.client)), WORDS);
});

Deno.test("linger() ends at its limit of bytes", async () => {
  using pair = await connectedPair();
  const writing = writeAll(pair.client, new Uint8Array(64 * 1024 * 1024))
    .catch(() => "broken off");
  const limits = { maxLength: 100_000, timeout: 1e6 };
  await within("the limit", linger(pair.server, limits));
  close(pair.server);
  assertEquals(await within("the write to fail", writing), "broken off");
});

Deno.test("linger() ends at its limit of time", async () => {
  using pair = await connectedPair();
  await within("the limit", linger(pair.server, { timeout: 10 }));
});

Deno.test("linger() ends when the peer resets", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = await connectResetting(listener.addr.port);
  using server = await listener.accept();
  const lingering = linger(server, { timeout: 1e6 });
  await client.reset();
  await within("the end", lingering);
});
