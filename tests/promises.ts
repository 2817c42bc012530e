/**
 * What every server and every client of the course promises, as tests: how it
 * starts, how it ends, and what it says to a person who can put something
 * right. A lesson's tests describe its programs, and have these.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { formatAddress } from "../lib/address.ts";
import { readExactly, writeAll } from "../lib/bytes.ts";
import { acceptClient, bytesOf, connect } from "./conversation.ts";
import { within } from "./deadline.ts";
import { readAll } from "./loopback.ts";
import {
  assertRefuses,
  type Description,
  promisesOfFlags,
  promisesOfHosts,
  start,
  startAsTold,
  testsOf,
} from "./start_promises.ts";

/** A server. */
export interface ServerDescription extends Description {
  /**
   * What it prints until it waits for clients, `PORT` in the place of its port.
   * Unless given, `Listening on 127.0.0.1:PORT`.
   */
  ready?: string;
  /** What a client sends before its address is in the log, if anything. */
  hello?: string;
  /** Whether several of them may listen on one port. */
  sharesPort?: boolean;
  /** Its line when it lacks the network, if not Deno's with a command. */
  denied?: string;
}

/** A client. */
export interface ClientDescription extends Description {
  /** The command that starts its server. */
  server: string;
  /** What it prints once it is connected, `PORT` in the place of the server's. */
  prompt?: string;
  /** What it sends once it is connected, a character for each byte. */
  hello?: string;
  /** A line to type, which it sends, and then it waits for the reply. */
  line?: string;
  /** What it sends when it leaves, a character for each byte. */
  goodbye?: string;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Registers the tests of what every server promises. */
export function promisesOfServer(server: ServerDescription): void {
  const test = testsOf(server);
  promisesOfFlags(server, 0);
  promisesOfHosts(server, 0, {
    // From the block for documentation (RFC 5737): no machine has it.
    "192.0.2.77": "192.0.2.77 is not an address of this machine. " +
      "Take --host 127.0.0.1 (this machine alone) or --host 0.0.0.0 (everybody)",
  });
  promisesOfServerEnd(server);

  test("listens on a free port with --port 0, and says which", async () => {
    await using program = start(server, 0);
    const ready = RegExp.escape(readyText(server, await program.port()));
    (await within("the connection", connect(program))).close();
    await program.stdout.match(new RegExp(`^${ready}\n`));
  });

  test("without permission it says how to start it", async () => {
    const { denied } = server;
    if (denied === undefined) {
      await using program = await startAsTold(server, 0);
      await program.port();
    } else {
      await assertRefuses(start(server, 0, [], []), 1, denied);
    }
  });

  test("a port in use is named, with how to find who uses it", async () => {
    await using holder = new AsyncDisposableStack();
    const port = server.sharesPort
      // Not with one that keeps it for itself.
      ? holder.use(Deno.listen({ hostname: "127.0.0.1", port: 0 })).addr.port
      : await holder.use(start(server, 0)).port();
    await using program = start(server, port);
    const { code, stdout, stderr } = await program.ending();
    assertEquals({ code, stdout }, { code: 1, stdout: "" });
    const command = `"(?:ss|lsof|netstat) [^"\n]*:${port}\\b[^"\n]*"`;
    const line = `Port ${port} is in use by another program\\. ` +
      `See which with ${command}, or take another port: --port 0`;
    assertMatch(stderr, new RegExp(`^${line}\n$`));
  });
}

/** What the server prints until it waits for clients. */
function readyText(server: ServerDescription, port: number): string {
  const { ready = "Listening on 127.0.0.1:PORT" } = server;
  return ready.replaceAll("PORT", String(port));
}

/** Registers those of them that are about its end. */
export function promisesOfServerEnd(server: ServerDescription): void {
  const test = testsOf(server);
  const { hello = "", farewell = "Server stopped" } = server;

  for (const signal of SIGNALS) {
    test(`${signal} while nobody is there ends it with status 0`, async () => {
      await using program = start(server, 0);
      const port = await program.port();
      program.kill(signal);
      assertEquals(await program.ending(), {
        code: 0,
        stdout: `${readyText(server, port)}\n${farewell}\n`,
        stderr: "",
      });
      Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free again.
    });

    test(`${signal} ends it and the connection of its client`, async () => {
      await using program = start(server, 0);
      const port = await program.port();
      using client = await connect(program);
      await writeAll(client, bytesOf(hello));
      const names = [formatAddress(client.localAddr), hello.trim()]
        .filter((name) => name !== "").map(RegExp.escape);
      // Its address is in the log: it has been accepted.
      await program.stdout.match(new RegExp(`${names[0]}\\b`));
      program.kill(signal);
      const replies = await within(
        "the end of the connection",
        readAll(client),
      );
      if (hello === "") assertEquals(replies, new Uint8Array());
      const { code, stdout, stderr } = await program.ending();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      // Nothing but the end of this connection may be logged after it.
      const last = `${RegExp.escape(farewell)}\n(.*(${names.join("|")}).*\n)?`;
      assertMatch(stdout, new RegExp(`\n${last}$`));
      Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free again.
    });
  }
}

/** Registers the tests of what every client promises. */
export function promisesOfClient(client: ClientDescription): void {
  promisesOfClientStart(client);
  promisesOfClientEnd(client);
}

/** Registers those of them that hold even for a client that only blocks. */
export function promisesOfClientStart(client: ClientDescription): void {
  const test = testsOf(client);
  promisesOfFlags(client, 1);
  promisesOfHosts(client, 1);

  test("without permission it says how to start it", async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using _program = await startAsTold(client, listener.addr.port);
    (await within("the client", listener.accept())).close();
  });

  test("a server that is not running is named, with its command", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close(); // Nobody listens there now.
    const line = `Nobody listens on 127.0.0.1:${port}. ` +
      `Start the server first, in a second terminal: ${client.server}`;
    await assertRefuses(start(client, port), 1, line);
  });
}

/** Starts the client, accepts it, and waits for its hello and its prompt. */
async function startSession(client: ClientDescription) {
  const { prompt = "", hello = "", farewell = "\nClient exiting" } = client;
  await using stack = new AsyncDisposableStack();
  const session = await acceptClient((port) => start(client, port));
  const { client: program, conn, port } = stack.use(session);
  const first = readExactly(conn, hello.length);
  assertEquals(byteText(await within("its hello", first)), hello);
  const printed = prompt.replaceAll("PORT", String(port));
  await program.stdout.match(new RegExp(`^${RegExp.escape(printed)}$`));
  const kept = stack.move();
  return {
    program,
    conn,
    printed,
    /** Ends it. Returns what it has sent and nobody has read. */
    async end(signal: Deno.Signal): Promise<string> {
      program.kill(signal);
      assertEquals(await program.ending(), {
        code: 0,
        stdout: `${printed}${farewell}\n`,
        stderr: "",
      });
      return byteText(await within("the end of the connection", readAll(conn)));
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A character for each byte. */
function byteText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Registers those of them that are about its end. */
export function promisesOfClientEnd(client: ClientDescription): void {
  const test = testsOf(client);
  const { line, goodbye = "" } = client;
  for (const signal of SIGNALS) {
    test(`${signal} ends it with status 0`, async () => {
      await using session = await startSession(client);
      assertEquals(await session.end(signal), goodbye);
    });

    if (line === undefined) continue;
    test(
      `${signal} while it waits for a reply ends it with status 0`,
      async () => {
        await using session = await startSession(client);
        await session.program.type(`${line}\n`);
        const byte = await within("the line", readExactly(session.conn, 1));
        const sent = byteText(byte) + await session.end(signal);
        assertMatch(sent, new RegExp(`${line}\n?${RegExp.escape(goodbye)}$`));
      },
    );
  }

  if (line === undefined) return;
  test("a typed line over the limit gets one line and status 1", async () => {
    await using session = await startSession(client);
    await session.program.type(`${"x".repeat(65_537)}\n`);
    assertEquals(await session.program.ending(), {
      code: 1,
      stdout: session.printed,
      stderr: "Line is longer than 65536 bytes. Send it in parts\n",
    });
  });
}
