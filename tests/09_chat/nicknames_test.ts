/**
 * Who is called what.
 *
 * @module
 */
import {
  connect,
  gather,
  hears,
  join,
  joined,
  left,
  startServer,
} from "./chat_room.ts";
import type { Client } from "./chat_room.ts";

for (
  const [what, line, name] of [
    ["space around a name", "  Bob B. \t", "Bob B."],
    ["a CR before the LF", "Bob\r", "Bob"],
    ["the case of a name", "aNN", "aNN"], // Another one than Ann.
    ["an escape sequence", "\x1b[2JBob", "\\x1b[2JBob"],
    ["a name of ten thousand characters", "é😀".repeat(5000), "é😀".repeat(16)],
    ["a name that belongs to the server", "SERVER", "SERVER-2"],
    ["a name that is taken", "Ann", "Ann-2"],
    ["bytes that are no UTF-8", new Uint8Array([0x42, 0xff]), "B\ufffd"],
  ] as const
) {
  Deno.test(`${what}: ${JSON.stringify(name)}`, async () => {
    await using server = startServer();
    using ann = await join(server, "Ann");
    using other = await connect(server);
    await other.send(line);
    await other.send("\nhello\n");
    await hears(ann, joined(name), `${name}: hello`);
    other[Symbol.dispose]();
    await hears(ann, left(name));
  });
}

for (const line of ["", " \t", "\r"]) {
  Deno.test(`${JSON.stringify(line)} is no name: the address stands for it`, async () => {
    await using server = startServer();
    using ann = await join(server, "Ann");
    using other = await join(server, line);
    await other.send("hello\n");
    await hears(ann, joined(other.peer), `${other.peer}: hello`);
  });
}

Deno.test("fifty clients that want the same name get fifty", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  const clients: Client[] = [];
  for (let number = 1; number <= 50; number++) {
    clients.push(await join(server, "Bob"));
    await hears(ann, joined(number === 1 ? "Bob" : `Bob-${number}`));
  }
  await clients[49]?.send("I am the last\n");
  await hears(ann, "Bob-50: I am the last");
  for (const client of clients) client[Symbol.dispose]();
});

Deno.test("a name is free again as soon as its owner has left", async () => {
  await using server = startServer();
  const clients = await gather(server, ["Ann", "Bob", "Bob-2"]);
  const [ann, bob] = clients;
  await bob?.send("EXIT\n");
  await hears(ann, left("Bob"));
  clients.push(await join(server, "Bob"), await join(server, "Bob"));
  await hears(ann, joined("Bob"), joined("Bob-3"));
  for (const client of clients) client[Symbol.dispose]();
});
