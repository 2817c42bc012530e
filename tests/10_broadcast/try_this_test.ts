/**
 * What the text of lesson 10 says under "Try this".
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { needsNc, runNc } from "../peers.ts";
import { Program, ROOT } from "../program.ts";
import {
  assertServes,
  BROADCAST_SERVER,
  DIRECT_SERVER,
  join,
  SERVERS,
  TEXT,
  WELCOME,
} from "./session.ts";

/** Starts the direct server with its text changed. */
async function startEdited(
  edit: (source: string) => string,
  ...flags: string[]
): Promise<Program> {
  const source = edit(await Deno.readTextFile(new URL(DIRECT_SERVER, ROOT)))
    .replaceAll('"../../lib/', '"./lib/')
    .replaceAll('from "./l', 'from "./lessons/10_broadcast/l')
    .replaceAll('from "./p', 'from "./lessons/10_broadcast/p')
    .replaceAll('"./lessons/10_broadcast/lib/', '"./lib/');
  const args = ["--ext=ts", "-", "--port", "0", ...flags];
  const program = new Program(
    Deno.execPath(),
    ["run", "--no-prompt", "-N=127.0.0.1", ...args],
    { cwd: ROOT },
  );
  await program.type(source);
  await program.endInput();
  return program;
}

Deno.test("with leave() under the lock, the room never goes on after the deadline", async () => {
  const line = "        this.#members.delete(member);\n";
  await using server = await startEdited(
    (source) => {
      const edited = source.replace(
        line,
        `${line}        await this.leave(member, member.name ?? "");\n`,
      );
      assertEquals(edited === source, false);
      return edited;
    },
    "--write-timeout",
    "2",
  );
  using _sleeper = await join(server, "Sleeper");
  using ada = await join(server, "Ada");
  const gone = server.stdout.match(/Sleeper left from/);
  let waiting = true;
  gone.then(() => waiting = false);
  const lines: string[] = [];
  const hearing = (async () => {
    for (let line; (line = await ada.line()) !== null;) lines.push(line);
  })().catch(() => {}); // In the end the server may reset the connection.
  const say = (text: string) => ada.send(`${text}\n`).catch(() => {});
  while (waiting) {
    await Promise.race([gone, say(TEXT)]);
    await new Promise((resolve) => setTimeout(resolve));
  }
  // Her last words: all that is heard is what was said before.
  const last = say("anybody?");
  server.kill("SIGINT");
  const { code, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  await within("the end", Promise.all([hearing, last]));
  assertEquals(lines.includes("Sleeper has left the chat."), false);
  assertEquals(lines.includes("Ada: anybody?"), false);
});

for (const [title, script] of SERVERS) {
  Deno.test({
    name: `${title}: whoever only knocks (nc -z) is logged, and hurts nobody`,
    ...needsNc,
    async fn() {
      await using server = startServer(script);
      const port = String(await server.port());
      for (let count = 0; count < 20; count++) {
        const nc = new Deno.Command("nc", { args: ["-z", "127.0.0.1", port] });
        assertEquals((await within("nc", nc.output())).code, 0);
      }
      await assertServes(server);
      await server.stdout.match(/(Somebody left from \S+( .*)?\n){2}/);
      assertEquals(server.stderr.text, "");
    },
  });
}

Deno.test({
  name: "a name and three messages in one segment are all taken (nc)",
  ...needsNc,
  async fn() {
    await using server = startServer(BROADCAST_SERVER);
    const port = await server.port();
    assertEquals(await runNc(port, "Eve\none\ntwo\nthree\n"), {
      code: 0,
      stdout: `${WELCOME}\nHello Eve! You can chat now.\n` +
        "Eve: one\nEve: two\nEve: three\n",
      stderr: "",
    });
  },
});

Deno.test({
  name: "a line without an end gets its error (nc)",
  ...needsNc,
  async fn() {
    await using server = startServer(BROADCAST_SERVER);
    using ada = await join(server, "Ada");
    const port = await server.port();
    const { stdout } = await runNc(port, `Eve\n${"x".repeat(70_000)}`);
    assertEquals(
      stdout,
      `${WELCOME}\nHello Eve! You can chat now.\nERROR: Line too long\n`,
    );
    assertEquals(await ada.lines(2), [
      "Eve has joined the chat.",
      "Eve has left the chat.",
    ]);
  },
});
