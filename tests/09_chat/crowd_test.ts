import { assertEquals } from "@std/assert";
import {
  type Client,
  connect,
  hears,
  join,
  joined,
  startServer,
} from "./chat_room.ts";

Deno.test("five hundred in a room, some without a name, and each hears all", async () => {
  await using server = startServer();
  using ann = await join(server, "Ann");
  const silent: Client[] = [];
  const crowd: Client[] = [];
  try {
    for (let number = 0; number < 500; number++) {
      if (number % 5 === 0) silent.push(await connect(server));
      else crowd.push(await join(server, `no ${number}`));
    }
    for (let number = 0; number < 500; number++) {
      if (number % 5 !== 0) await hears(ann, joined(`no ${number}`));
    }
    await ann.send("hello, all of you\n");
    await Promise.all(crowd.map(async (client, index) => {
      for (let after = index + 1; after < 400; after++) {
        const number = after + 1 + Math.floor(after / 4);
        await hears(client, joined(`no ${number}`));
      }
      await hears(client, "Ann: hello, all of you");
    }));
    await crowd[0]?.send("hello, Ann\n");
    await hears(ann, "no 1: hello, Ann");
  } finally {
    for (const client of [...silent, ...crowd]) client[Symbol.dispose]();
  }
  const gone = new Set<string | null>();
  for (let count = 0; count < 400; count++) gone.add(await ann.line());
  assertEquals(gone.size, 400); // Each of them once, in whatever order.
  await ann.send("EXIT\n");
  assertEquals(await ann.rest(), ["DONE"]);
});
