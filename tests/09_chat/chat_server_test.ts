import { assertEquals } from "@std/assert";
import {
  connect,
  gather,
  hears,
  join,
  joined,
  left,
  startServer,
} from "./chat_room.ts";
import fc from "../fast_check.ts";

Deno.test("what one says, all others hear, and who comes and goes; and a log", async () => {
  await using server = startServer();
  const [ann, bob, cyd] = await gather(server, ["Ann", "Bob", "Cyd"]);
  await ann?.send("hello\n");
  await hears(bob, "Ann: hello");
  await hears(cyd, "Ann: hello");
  await bob?.send("hi Ann\n\n");
  await hears(cyd, "Bob: hi Ann", "Bob: ");
  await hears(ann, "Bob: hi Ann", "Bob: "); // Her own words did not come back.
  await cyd?.conn.closeWrite();
  await hears(cyd, null);
  await hears(ann, left("Cyd"));
  await hears(bob, left("Cyd"));
  server.kill("SIGINT");
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(
    stdout,
    `Listening on 127.0.0.1:${await server.port()}
Ann joined from ${ann?.peer}
Bob joined from ${bob?.peer}
Cyd joined from ${cyd?.peer}
Ann: hello
Bob: hi Ann
Bob: 
Cyd left: it closed the connection
Server stopped
Ann left: the server stopped
Bob left: the server stopped
`,
  );
  for (const client of [ann, bob, cyd]) client?.[Symbol.dispose]();
});

Deno.test("lines that come in one segment with the nickname are messages", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  using _ = await join(server, "Bob\r\nhi\r\nfolks");
  await hears(ann, joined("Bob"), "Bob: hi", "Bob: folks");
});

Deno.test("a nickname, messages and EXIT in one segment: all of it happens", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  using bob = await join(server, "Bob\nbye\nEXIT\nnot said");
  assertEquals(await bob.rest(), ["DONE"]);
  await hears(ann, joined("Bob"), "Bob: bye", left("Bob"));
  using _ = await join(server, "Bob"); // The name is free again.
  await hears(ann, joined("Bob"));
});

Deno.test("what is sent one byte at a time is put together", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  using zoe = await connect(server);
  for (const byte of new TextEncoder().encode("Zoë\r\ngrüße €\r\n\nEXIT\n")) {
    await zoe.send(new Uint8Array([byte]));
  }
  assertEquals(await zoe.rest(), ["DONE"]);
  await hears(ann, joined("Zoë"), "Zoë: grüße €", "Zoë: ", left("Zoë"));
});

Deno.test("however the bytes are cut, the room hears the same", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  const bytes = new TextEncoder().encode("Zoë\none\n\r\n€uro 😀\nexit\n");
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })),
      async (cuts) => {
        using zoe = await connect(server);
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (const [index, place] of places.slice(1).entries()) {
          await zoe.send(bytes.subarray(places[index], place));
        }
        assertEquals(await zoe.rest(), ["DONE"]);
        await hears(ann, joined("Zoë"), "Zoë: one", "Zoë: ", "Zoë: €uro 😀");
        await hears(ann, left("Zoë"));
      },
    ),
    { numRuns: 50 },
  );
});

for (const word of ["EXIT", "exit", " eXiT\t", "EXIT\r"]) {
  Deno.test(`${JSON.stringify(word)} is answered with DONE and the end`, async () => {
    await using server = startServer();
    const [ann, bob] = await gather(server, ["Ann", "Bob"]);
    await bob?.send(`${word}\n`);
    assertEquals(await bob?.rest(), ["DONE"]);
    await hears(ann, left("Bob"));
    await server.stdout.match(/Bob left: it said EXIT\n/);
    for (const client of [ann, bob]) client?.[Symbol.dispose]();
  });
}

Deno.test("EXIT with more behind it is a message, and as a first line a name", async () => {
  await using server = startServer();
  const [ann, exit] = await gather(server, ["Ann", "EXIT"]);
  await exit?.send("EXIT now?\n");
  await hears(ann, "EXIT: EXIT now?");
  for (const client of [ann, exit]) client?.[Symbol.dispose]();
});

Deno.test("who has no name yet hears nothing, and nobody hears of it", async () => {
  await using server = startServer();
  using silent = await connect(server);
  await silent.send("Cy"); // Half a name is none.
  using gone = await connect(server);
  await gone.send("Dan");
  await gone.conn.closeWrite();
  await hears(gone, null);
  await server.stdout.match(
    new RegExp(`${gone.peer} left: it closed the connection\n`),
  );
  const [ann, bob] = await gather(server, ["Ann", "Bob"]);
  await ann?.send("hello\n");
  await hears(bob, "Ann: hello"); // And nothing of Dan.
  await silent.send("d\n");
  await hears(bob, joined("Cyd"));
  await bob?.send("hi\n");
  await hears(silent, "Bob: hi"); // And nothing of what was before.
  for (const client of [ann, bob]) client?.[Symbol.dispose]();
});

Deno.test("who half-closes leaves, is sent what it is owed, and is not waited for", async () => {
  await using server = startServer();
  const [ann, bob] = await gather(server, ["Ann", "Bob"]);
  await ann?.send("one\ntwo\nthree\n");
  await server.stdout.match(/Ann: three\n/);
  await bob?.send("bye\nnot a line");
  await bob?.conn.closeWrite();
  await hears(ann, "Bob: bye", left("Bob"));
  await ann?.send("anybody?\n"); // Bob is out of the room.
  assertEquals(await bob?.rest(), ["Ann: one", "Ann: two", "Ann: three"]);
  for (const client of [ann, bob]) client?.[Symbol.dispose]();
});

Deno.test("a thousand lines from each of three at once arrive whole and in order", async () => {
  await using server = startServer();
  const names = ["Ann", "Bob", "Cyd"];
  const clients = await gather(server, names);
  const numbers = Array.from({ length: 1000 }, (_, number) => number);
  const text = numbers.map((number) => `${number} ${"é".repeat(number % 50)}`);
  const sending = clients.map((client) => client.send(`${text.join("\n")}\n`));
  for (const [index, client] of clients.entries()) {
    const heard: Record<string, string[]> = {};
    for (let count = 0; count < 2000; count++) {
      const [, name = "", said = ""] =
        (await client.line())?.match(/^(\w+): (.*)$/) ?? [];
      (heard[name] ??= []).push(said);
    }
    const others = names.filter((_, other) => other !== index);
    assertEquals(heard, Object.fromEntries(others.map((name) => [name, text])));
  }
  await Promise.all(sending);
  for (const client of clients) client[Symbol.dispose]();
});

Deno.test("a text goes to the others as it is, and harmless into the log", async () => {
  await using server = startServer();
  const [ann, bob] = await gather(server, ["Ann", "Bob"]);
  await bob?.send(new Uint8Array([0xff, 0x00, 0x1b, 0x5b, 0x32, 0x4a, 0x0a]));
  await hears(ann, "Bob: \ufffd\0\x1b[2J");
  await server.stdout.match(/Bob: \ufffd\\x00\\x1b\[2J\n/);
  for (const client of [ann, bob]) client?.[Symbol.dispose]();
});
