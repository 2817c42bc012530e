import { assertEquals, assertMatch } from "@std/assert";
import { formatAddress } from "../../lib/address.ts";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { bytesOf, connect, startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import {
  assertEchoed,
  assertEchoes,
  BYTES,
  promisesOfEcho,
} from "../echo_promises.ts";
import { connectResetting, readAll } from "../loopback.ts";
import { promisesOfServer } from "../promises.ts";

const SERVER = "lessons/05_iterative/iterative_server.ts";

promisesOfServer({
  script: SERVER,
  port: 5001,
  refused: [[["--patience", "5"], "There is no flag --patience; see --help"]],
});
promisesOfEcho({ script: SERVER, port: 5001 });

function connectedBy(conn: Deno.TcpConn): string {
  return `Connected by ${formatAddress(conn.localAddr)}\n`;
}

Deno.test("the second client is served when the first has gone, with what it sent meanwhile", async () => {
  await using server = startServer(SERVER);
  const first = await connect(server);
  await assertEchoed(first, bytesOf("one"));

  using second = await connect(server);
  await writeAll(second, bytesOf("two, "));
  await writeAll(second, bytesOf("three"));
  let answered = false;
  const reply = within("the echo", readExactly(second, 10))
    .finally(() => answered = true);

  // Round after round goes to the first. The second gets nothing.
  for (let round = 0; round < 20; round++) {
    await assertEchoed(first, bytesOf(`round ${round}`));
  }
  assertEquals(answered, false);
  const ready = `Listening on 127.0.0.1:${await server.port()}\n`;
  await server.stdout.match(/Connected by .*\n/);
  assertEquals(server.stdout.text, ready + connectedBy(first));

  first.close();
  assertEquals(await reply, bytesOf("two, three"));
  await assertEchoed(second, bytesOf("four"));
  await server.stdout.match(/(Connected by .*\n[^]*){2}$/);
  const before = `${connectedBy(first)}Client disconnected\n`;
  assertEquals(server.stdout.text, ready + before + connectedBy(second));
  await second.closeWrite();
  await server.stdout.match(/(Client disconnected\n[^]*){2}$/);
});

Deno.test("clients are served in the order in which they came", async () => {
  await using server = startServer(SERVER);
  const first = await connect(server);
  using clients = new DisposableStack();
  const waiting: Deno.TcpConn[] = [];
  for (let count = 0; count < 10; count++) {
    const conn = clients.use(await connect(server));
    await writeAll(conn, bytesOf(`client ${count}`));
    await conn.closeWrite();
    waiting.push(conn);
  }
  first.close();
  for (const [index, conn] of waiting.entries()) {
    const echo = await within("the echo", readAll(conn));
    assertEquals(echo, bytesOf(`client ${index}`));
  }
  const order = [first, ...waiting].map(connectedBy);
  await server.stdout.match(/(Client disconnected\n[^]*){11}$/);
  const lines = server.stdout.text.split(/(?<=\n)/);
  assertEquals(lines.filter((line) => line.startsWith("Connected")), order);
});

Deno.test("the word quit is echoed like any other", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await assertEchoed(client, bytesOf("quit"));
  await assertEchoed(client, bytesOf("still here"));
});

Deno.test("a reset of the client being served does not hurt the next", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  const silent = await connectResetting(port);
  await server.stdout.match(/Connected by/);
  const next = assertEchoes(server); // It waits.
  await silent.reset();
  await next;
  await server.stdout.match(/Client disconnected: it reset the connection\n/);

  // Now while the server writes what nobody reads.
  const greedy = await connectResetting(port);
  greedy.write(new Uint8Array(8_000_000));
  await server.stdout.match(/(Connected by[^]*){3}$/);
  await greedy.reset();
  await assertEchoes(server);
});

Deno.test("clients that reset in the queue are passed over", async () => {
  await using server = startServer(SERVER);
  const port = await server.port();
  const first = await connect(server);
  await assertEchoed(first, bytesOf("one"));
  for (let count = 0; count < 20; count++) {
    const client = await connectResetting(port);
    if (count % 2 === 0) await client.write(bytesOf("hello"));
    await client.reset();
  }
  const next = assertEchoes(server);
  first.close();
  await next;
  if (Deno.build.os === "linux") { // Elsewhere accept may not notice.
    const passedOver = /disconnected\n(A client left before its turn\n){20}/;
    await server.stdout.match(passedOver);
  }
});

Deno.test("clients that close in the queue are passed over", async () => {
  await using server = startServer(SERVER);
  const first = await connect(server);
  await assertEchoed(first, bytesOf("one"));
  for (let count = 0; count < 50; count++) {
    const client = await connect(server);
    if (count % 2 === 0) await writeAll(client, BYTES);
    client.close();
  }
  const next = assertEchoes(server);
  first.close();
  await next;
});

Deno.test("many silent clients in the queue are served when they speak", async () => {
  await using server = startServer(SERVER);
  using clients = new DisposableStack();
  const waiting: Deno.TcpConn[] = [];
  for (let count = 0; count < 100; count++) {
    waiting.push(clients.use(await connect(server)));
  }
  for (const [index, conn] of waiting.entries()) {
    await assertEchoed(conn, bytesOf(`turn ${index}`));
    await conn.closeWrite();
  }
  await assertEchoes(server);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the server ends on ${signal} with one client served and one waiting`, async () => {
    await using server = startServer(SERVER);
    using first = await connect(server);
    await server.stdout.match(/Connected by/);
    using second = await connect(server);
    server.kill(signal);
    const { code, stdout, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\nServer stopped\n$/);
    assertEquals(await within("the end", first.read(new Uint8Array(1))), null);
    // The system breaks off the connection that was never accepted.
    await within("the end", second.read(new Uint8Array(1)).catch(() => null));
  });
}
