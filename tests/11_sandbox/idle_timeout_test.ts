import { assertEquals } from "@std/assert";
import { FRAMINGS } from "../../lessons/11_sandbox/framing.ts";
import { within } from "../deadline.ts";
import { assertServes, BOTH, connect, join, startServer } from "./session.ts";

const GOODBYE = "SERVER: No message from you for 0.2 s. Goodbye.";

for (const framing of BOTH) {
  const start = () =>
    startServer("--framing", framing, "--idle-timeout", "0.2");

  Deno.test(`${framing}: who gives no name in time is told, and let go of`, async () => {
    await using server = start();
    using session = await connect(server, framing);
    assertEquals(await session.rest(), [GOODBYE]);
    await server.stdout.match(
      new RegExp(`${session.peer} left: no message from it for 0.2 s\n`),
    );
  });

  Deno.test(`${framing}: who talks stays, who only listens goes; and the rest is told`, async () => {
    await using server = start();
    using talker = await join(server, "Talker", framing);
    using silent = await join(server, "Silent", framing);
    let gone = false;
    const heard = silent.rest().finally(() => gone = true);
    while (!gone) {
      await talker.say("/me talks");
      while (await talker.hear() !== "* Talker talks");
    }
    const last = (await heard).at(-1);
    assertEquals(last, GOODBYE);
    await talker.say("/who");
    const rest = [await talker.hear()];
    while (!rest.at(-1)?.includes("here:")) rest.push(await talker.hear());
    assertEquals(rest.at(-1), "SERVER: 1 here: Talker");
    await server.stdout.match(/Silent left: no message from it for 0.2 s\n/);
  });

  Deno.test(`${framing}: a byte now and then is no message`, async () => {
    await using server = start();
    using session = await connect(server, framing);
    const ended = session.rest();
    // The beginning of a message of 65 536 bytes that never comes whole.
    const { encode } = FRAMINGS[framing];
    let gone = false;
    ended.finally(() => gone = true);
    try {
      for (const byte of encode("x".repeat(65_536))) {
        if (gone) break;
        await session.send(new Uint8Array([byte]));
        await new Promise((resolve) => setTimeout(resolve));
      }
    } catch {
      // The server is rid of it.
    }
    assertEquals(await within("the end", ended), [GOODBYE]);
  });
}

Deno.test("--idle-timeout 0 is a flag that it takes: never", async () => {
  await using server = startServer("--idle-timeout", "0");
  await assertServes(server);
});
