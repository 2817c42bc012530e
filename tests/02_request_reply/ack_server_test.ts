import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { serveNext } from "../../lessons/02_request_reply/ack_server.ts";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf, connect, startServer, textOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectResetting, readAll } from "../loopback.ts";
import type { Program } from "../program.ts";
import {
  promisesOfServer,
  promisesOfServerEnd,
  type ServerDescription,
} from "../promises.ts";

const SERVER = "lessons/02_request_reply/ack_server.ts";

const ACK: ServerDescription = {
  script: SERVER,
  port: 5000,
  ready: "[SERVER] Listening on 127.0.0.1:PORT",
  farewell: "[SERVER] Stopped",
  help: ["--forever"],
  refused: [[["--for-ever"], "There is no flag --for-ever; see --help"]],
};

promisesOfServer(ACK);
promisesOfServerEnd({ ...ACK, args: ["--forever"] });

/** Sends `message` and returns everything up to the end of the connection. */
async function ask(
  server: Program,
  message: string | Uint8Array,
): Promise<string> {
  using conn = await connect(server);
  const bytes = typeof message === "string" ? bytesOf(message) : message;
  await writeAll(conn, bytes);
  return textOf(await within("the reply", readAll(conn)));
}

Deno.test("the server acknowledges one message, closes and ends", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await writeAll(client, bytesOf("Hello Server"));
  const reply = await within("the reply", readAll(client));
  assertEquals(textOf(reply), "ACK: Hello Server");
  const { port } = client.localAddr as Deno.NetAddr;
  assertEquals(await server.ending(), {
    code: 0,
    stdout: `[SERVER] Listening on 127.0.0.1:${await server.port()}
[SERVER] Connection from 127.0.0.1:${port}
[SERVER] Received: Hello Server
[SERVER] Sent: ACK: Hello Server
[SERVER] Closed connection
`,
    stderr: "",
  });
});

Deno.test("an end without a byte gets no reply", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await client.closeWrite();
  assertEquals(
    await within("the end", readAll(client)),
    new Uint8Array(),
  );
  const { code, stdout, stderr } = await server.ending();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(
    stdout,
    /^\[SERVER\] Listening .*\n\[SERVER\] Connection .*\n\[SERVER\] Closed connection\n$/,
  );
});

Deno.test("with --forever one client after the other is served", async () => {
  await using server = startServer(SERVER, "--forever");
  for (const word of ["one", "two", "three"]) {
    assertEquals(await ask(server, word), `ACK: ${word}`);
  }
  await server.stdout.match(
    /Sent: ACK: three\n\[SERVER\] Closed connection\n$/,
  );
});

Deno.test("what was sent before a half-close is acknowledged after it", async () => {
  await using server = startServer(SERVER);
  using client = await connect(server);
  await writeAll(client, bytesOf("last words"));
  await client.closeWrite();
  const reply = await within("the reply", readAll(client));
  assertEquals(textOf(reply), "ACK: last words");
});

Deno.test("with --forever no client that goes without a word ends the server", async () => {
  await using server = startServer(SERVER, "--forever");

  // Connected, silent, then closed.
  const silent = await connect(server);
  await server.stdout.match(/Connection from/);
  silent.close();
  assertEquals(
    await ask(server, "after a silent one"),
    "ACK: after a silent one",
  );

  // Reset while the server waits for the message.
  const reset = await connectResetting(await server.port());
  await server.stdout.match(/(Connection from[^]*){3}$/);
  await reset.reset();
  await server.stdout.match(/Closed connection: the client reset it\n/);
  assertEquals(await ask(server, "after a reset"), "ACK: after a reset");

  // Gone before the reply could be read.
  const hasty = await connectResetting(await server.port());
  await hasty.write(bytesOf("hasty"));
  await hasty.reset();
  assertEquals(
    await ask(server, "after a hasty one"),
    "ACK: after a hasty one",
  );

  assertEquals(server.stderr.text, "");
});

Deno.test("clients that reset in the queue are passed over", async () => {
  await using server = startServer(SERVER, "--forever");
  const port = await server.port();
  using first = await connect(server); // While it is silent, the others wait.
  await server.stdout.match(/Connection from/);
  for (let count = 0; count < 20; count++) {
    const client = await connectResetting(port);
    await client.write(new Uint8Array([104, 105]));
    await client.reset();
  }
  const last = ask(server, "still there?");
  await first.closeWrite();
  assertEquals(await last, "ACK: still there?");
  assertEquals(server.stderr.text, "");
});

Deno.test("a client that resets before it is accepted does not use up the one turn", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  await (await connectResetting(port)).reset();
  using client = await Deno.connect({ port });
  await writeAll(client, bytesOf("my turn"));
  await within("the server", serveNext(listener, () => {}));
  const reply = await within("the reply", readAll(client));
  assertEquals(textOf(reply), "ACK: my turn");
});

Deno.test("what a client sends does not reach the terminal as it is", async () => {
  await using server = startServer(SERVER);
  const reply = await ask(server, "\x1b[2J\0one\r\ntwo\x07");
  assertEquals(reply, "ACK: \x1b[2J\0one\r\ntwo\x07");
  const { stdout } = await server.ending();
  assertStringIncludes(
    stdout,
    "[SERVER] Received: \\x1b[2J\\x00one\\r\\ntwo\\x07\n" +
      "[SERVER] Sent: ACK: \\x1b[2J\\x00one\\r\\ntwo\\x07\n",
  );
});

Deno.test("bytes that are no text are acknowledged as U+FFFD", async () => {
  await using server = startServer(SERVER);
  const reply = await ask(server, new Uint8Array([0xff, 104, 105, 0xc3]));
  assertEquals(reply, "ACK: \ufffdhi\ufffd");
});

Deno.test("many silent clients wait in the queue, and then the next is served", async () => {
  await using server = startServer(SERVER, "--forever");
  const silent: Deno.TcpConn[] = [];
  for (let count = 0; count < 50; count++) silent.push(await connect(server));
  const last = ask(server, "at last");
  for (const conn of silent) conn.close();
  assertEquals(await last, "ACK: at last");
});
