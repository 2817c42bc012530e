/**
 * How the server of lesson 09 starts, and how the room ends.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { promisesOfServer } from "../promises.ts";
import { connect, gather, startServer } from "./chat_room.ts";

const encoder = new TextEncoder();

promisesOfServer({
  script: "lessons/09_chat/chat_server.ts",
  port: 65_433,
  hello: "Ann\n",
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal}: what was said is delivered, then the room ends for all`, async () => {
    await using server = startServer();
    const clients = await gather(server, ["Ann", "Bob", "Cyd"]);
    const [ann, bob, cyd] = clients;
    using silent = await connect(server);
    const text = "x".repeat(60_000);
    await ann?.send(`${text}\nlast words\n`);
    await server.stdout.match(/Ann: last words\n/);
    server.kill(signal);
    // Nobody is said to have left: the room is not there any more.
    assertEquals(await bob?.rest(), [`Ann: ${text}`, "Ann: last words"]);
    assertEquals(await cyd?.rest(), [`Ann: ${text}`, "Ann: last words"]);
    assertEquals(await ann?.rest(), []);
    assertEquals(await silent.rest(), []);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    for (const client of clients) client[Symbol.dispose]();
  });

  Deno.test(`${signal} ends a server though one does not read and one talks without end`, async () => {
    await using server = startServer();
    const [ann, deaf] = await gather(server, ["Ann", "Deaf"]);
    const lines = encoder.encode("what?\n".repeat(1000));
    const talking = (async () => {
      while (true) await writeAll(ann!.conn, lines);
    })().catch(() => "broken off");
    await server.stdout.match(/Ann: what\?\n/);
    server.kill(signal);
    await within("the end of the talk", talking);
    const { code, stderr } = await server.ending();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    for (const client of [ann, deaf]) client?.[Symbol.dispose]();
  });
}
