/**
 * What the clients of one loop can do to it and to each other.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { bytesOf, connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { Program, ROOT } from "../program.ts";
import { assertServes, exchange, SERVER } from "./server_session.ts";

Deno.test("a client that says nothing and half-closes is closed", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await client.closeWrite();
  assertEquals((await within("the end", readAll(client))).length, 0);
  await assertServes(server);
});

Deno.test("a reset ends only the client that made it, in every state", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  using other = await connect(server);

  const silent = await connectResetting(port);
  await server.stdout.match(/(Accepted[^]*){2}/);
  await silent.reset();
  assertEquals((await exchange(other, bytesOf("1"))).echo, bytesOf("1"));

  const talking = await connectResetting(port);
  await talking.write(bytesOf("hello"));
  await talking.reset(); // With a reply on its way.
  assertEquals((await exchange(other, bytesOf("2"))).echo, bytesOf("2"));

  const greedy = await connectResetting(port);
  greedy.write(new Uint8Array(8_000_000)); // It never reads.
  await server.stdout.match(/\\x00/);
  await greedy.reset();
  assertEquals((await exchange(other, bytesOf("3"))).echo, bytesOf("3"));
  await assertServes(server);
});

Deno.test({
  name: "a client that resets before it is accepted costs nothing",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = startServer(SERVER);
    const port = await server.port();
    server.kill("SIGSTOP"); // It accepts nobody now; its system does.
    for (let i = 0; i < 3; i++) {
      const client = await connectResetting(port);
      await client.reset();
    }
    using waiting = await Deno.connect({ port });
    server.kill("SIGCONT");
    assertEquals((await exchange(waiting, bytesOf("x"))).echo, bytesOf("x"));
    await assertServes(server);
  },
});

Deno.test("a client that does not read holds up nobody, and gets all its replies later", async () => {
  await using server = startServer(SERVER);
  using slow = await connect(server);
  let sent = 0;
  let writes = 0;
  let closing = false;
  const sending = (async () => {
    const chunk = new Uint8Array(65_536).fill(0x78);
    while (!closing) {
      sent += await slow.write(chunk);
      writes++;
    }
    await slow.closeWrite();
  })();
  // Its writes come to a halt when the room on both sides is full. Meanwhile
  // others are served; when they have been so often with no write between, it
  // has come to that.
  using other = await connect(server);
  for (let quiet = 0; quiet < 50; quiet++) {
    const before = writes;
    assertEquals((await exchange(other, bytesOf("?"))).echo, bytesOf("?"));
    if (writes !== before) quiet = -1;
  }
  closing = true;

  let length = 0;
  const buffer = new Uint8Array(65_536);
  let tail = "";
  for (;;) {
    const count = await within("the replies", slow.read(buffer));
    if (count === null) break;
    // Only "x" are counted; a time has none.
    length += buffer.subarray(0, count).filter((byte) => byte === 0x78).length;
    tail = new TextDecoder().decode(buffer.subarray(0, count));
  }
  await sending;
  assertEquals(length, sent);
  assertMatch(tail, /x$/);
});

Deno.test("one client is served among 300 silent ones", async () => {
  await using server = startServer(SERVER);
  await using stack = new AsyncDisposableStack();
  for (let i = 0; i < 300; i++) stack.use(await connect(server));
  await assertServes(server);
});

Deno.test({
  name: "a server without a free socket goes on when one is free",
  ignore: Deno.build.os === "windows",
  async fn() {
    const command = `ulimit -n 60; exec "$0" run -N=127.0.0.1 ${SERVER} "$@"`;
    const args = ["-c", command, Deno.execPath(), "--port", "0"];
    await using server = new Program("sh", args, { cwd: ROOT });
    const silent: Deno.Conn[] = [];
    for (let i = 0; i < 80; i++) silent.push(await connect(server));
    await server.stdout.match(/(Accepted[^]*){20}/);
    for (const conn of silent) conn.close();
    // (Deno's own start may complain that it could not open some file.)
    await assertServes(server);
  },
});
