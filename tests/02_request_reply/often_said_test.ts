/**
 * What is often said about TCP, and what happens: the table in lesson 02.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { writeAll } from "../../lib/bytes.ts";
import { bytesOf } from "../conversation.ts";
import { within } from "../deadline.ts";
import { connectedPair, readAll } from "../loopback.ts";
import { needsPython, runPython, startPython } from "../peers.ts";

const linux = Deno.build.os === "linux";
const unix = Deno.build.os !== "windows";

Deno.test("20 clients connect, and nobody has called accept", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using clients = new DisposableStack();
  for (let count = 0; count < 20; count++) {
    const { port } = listener.addr;
    clients.use(await within("a connection", Deno.connect({ port })));
  }
});

Deno.test({
  name: "with a backlog of 1 two are connected, and the third waits for accept",
  ignore: !linux,
  async fn() {
    using listener = Deno.listen({
      hostname: "127.0.0.1",
      port: 0,
      tcpBacklog: 1,
    });
    const { port } = listener.addr;
    using _one = await within("the first", Deno.connect({ port }));
    using _two = await within("the second", Deno.connect({ port }));
    const error = await assertRejects(() =>
      Deno.connect({ port, signal: AbortSignal.timeout(500) })
    );
    assertEquals((error as DOMException).name, "TimeoutError");

    const third = Deno.connect({ port });
    using _accepted = await listener.accept(); // Now there is room for it.
    (await within("the third", third)).close();
  },
});

Deno.test("accepted sockets have the listener's port; the client's address tells them apart", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using one = await Deno.connect({ port });
  using two = await Deno.connect({ port });
  using first = await listener.accept();
  using second = await listener.accept();
  assertEquals([first.localAddr, second.localAddr], [
    listener.addr,
    listener.addr,
  ]);
  assertEquals([first.remoteAddr, second.remoteAddr], [
    one.localAddr,
    two.localAddr,
  ]);
});

Deno.test("the first write to a peer that is gone succeeds, a later one fails", async () => {
  using pair = await connectedPair();
  pair.server.close();
  // The end has arrived here: the server's side is gone, for sure.
  assertEquals(await pair.client.read(new Uint8Array(1)), null);

  assertEquals(await pair.client.write(bytesOf("hello")), 5);
  async function writeOn(): Promise<void> {
    while (true) await pair.client.write(bytesOf("hello"));
  }
  const error = await within("a write to fail", writeOn().catch((e) => e));
  assertEquals(
    error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset,
    true,
    String(error),
  );
});

Deno.test("a write succeeds although nobody ever reads it", async () => {
  using pair = await connectedPair();
  await writeAll(pair.client, bytesOf("hello"));
  pair.server.close(); // Without a read.
});

Deno.test("an empty message does not exist: nothing arrives", async () => {
  using pair = await connectedPair();
  assertEquals(await pair.client.write(new Uint8Array()), 0);
  await pair.client.write(bytesOf("x"));
  await pair.client.closeWrite();
  const buffer = new Uint8Array(10);
  assertEquals(await pair.server.read(buffer), 1); // The x, and no 0 before.
  assertEquals(await pair.server.read(buffer), null);
});

/** One client and then gone, without SO_REUSEADDR, as in the source texts. */
const PYTHON_SERVER = `
import errno, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    s.bind(("127.0.0.1", int(sys.argv[1])))
except OSError as error:
    sys.exit(error.errno != errno.EADDRINUSE)
s.listen(1)
print("Listening on %s:%d" % s.getsockname(), flush=True)
conn, addr = s.accept()
conn.close()
s.close()
`;

Deno.test({
  name: "without SO_REUSEADDR the port is in use after a clean end",
  ignore: needsPython.ignore || !linux,
  async fn() {
    await using first = startPython(PYTHON_SERVER, 0);
    const port = await first.port();
    {
      using conn = await Deno.connect({ port });
      await within("the end", readAll(conn));
    }
    assertEquals((await first.ending()).code, 0);
    // Status 0 without a ready line: bind has failed with EADDRINUSE.
    assertEquals(await runPython(PYTHON_SERVER, port), {
      code: 0,
      stdout: "",
      stderr: "",
    });
  },
});

/** Bound, but not listening. */
const WITHOUT_LISTEN = `
import errno, socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("127.0.0.1", 0))
try:
    s.accept()
except OSError as error:
    print("accept:", errno.errorcode[error.errno])
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    client.connect(s.getsockname())
except OSError as error:
    print("connect:", errno.errorcode[error.errno])
`;

Deno.test({
  name: "without listen accept fails with EINVAL and the client is refused",
  ignore: needsPython.ignore || !unix,
  async fn() {
    assertEquals(await runPython(WITHOUT_LISTEN), {
      code: 0,
      stdout: "accept: EINVAL\nconnect: ECONNREFUSED\n",
      stderr: "",
    });
  },
});
