/**
 * What the text of lesson 07 says about select() and the classic server around
 * it, shown.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readExactly, writeAll } from "../../lib/bytes.ts";
import { startServer } from "../conversation.ts";
import { within } from "../deadline.ts";
import { needsPython, runPython, startPython } from "../peers.ts";

const SERVER = "lessons/07_event_loop/timestamp_server.ts";

/**
 * The classic server: select(), a decode and a sendall for each read, nothing
 * caught, and both options that let an address be used again.
 */
const SELECT_SERVER = `
import select, socket, sys, time
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen()
print("Listening on", "%s:%d" % listener.getsockname())
rfds = [listener]
while True:
    rlist, _, _ = select.select(rfds, [], [])
    if listener in rlist:
        conn, address = listener.accept()
        print("Accepted connection from", address)
        rfds.append(conn)
        rlist.remove(listener)
    for conn in rlist:
        data = conn.recv(1024)
        if data.startswith(b"\\xff") or len(data) == 0:
            conn.close()
            rfds.remove(conn)
            break
        conn.sendall(f"{time.time()}:{data.decode()}".encode())
`;

Deno.test(
  "half a character ends the classic server for all, and not ours",
  needsPython,
  async () => {
    const half = new Uint8Array([0xe2, 0x82]); // The beginning of a "€".
    await using classic = startPython(SELECT_SERVER, 0);
    using bystander = await Deno.connect({ port: await classic.port() });
    using culprit = await Deno.connect({ port: await classic.port() });
    await culprit.write(half);
    const { code, stderr } = await classic.ending();
    assertEquals(code, 1);
    assertStringIncludes(stderr, "UnicodeDecodeError");
    const end = within("its end", bystander.read(new Uint8Array(1)));
    assertEquals(await end.catch(() => null), null); // Or it was reset.

    await using server = startServer(SERVER);
    using first = await Deno.connect({ port: await server.port() });
    using second = await Deno.connect({ port: await server.port() });
    await first.write(half);
    const start = await within("the reply", readExactly(first, 20));
    assertEquals(start.subarray(18), half);
    await first.write(new Uint8Array([0xac])); // The rest of it.
    const rest = await within("the reply", readExactly(first, 19));
    assertEquals(rest.subarray(18), new Uint8Array([0xac]));
    await server.stdout.match(/: \ufffd\n.*: \ufffd\n/);
    await second.write(new TextEncoder().encode("€"));
    await within("the reply", readExactly(second, 21));
  },
);

Deno.test(
  "a client that does not read stops the classic server for all",
  needsPython,
  async () => {
    await using classic = startPython(SELECT_SERVER, 0);
    using silent = await Deno.connect({ port: await classic.port() });
    // It never reads. Sooner or later the server waits in sendall: from then on
    // it does not accept, and does not say so, but its system does.
    const writing = writeAll(silent, new Uint8Array(64 * 1024 * 1024));
    writing.catch(() => {});
    await classic.stdout.match(/Accepted/);
    for (let served = true; served;) {
      using client = await Deno.connect({ port: await classic.port() });
      await client.write(new TextEncoder().encode("hello"));
      const reply = client.read(new Uint8Array(100)).catch(() => null);
      served = await within("a reply", reply, 1000).then(
        () => true,
        () => false,
      );
    }
    // That our server is not stopped by this is shown in the server's tests.
  },
);

Deno.test({
  name: "two copies of the classic server share a port, ours is refused",
  ignore: needsPython.ignore || Deno.build.os !== "linux",
  async fn() {
    await using first = startPython(SELECT_SERVER, 0);
    const port = await first.port();
    await using second = startPython(SELECT_SERVER, port);
    assertEquals(await second.port(), port);
    // Each gets some of the clients.
    const conns: Deno.Conn[] = [];
    for (let i = 0; i < 64; i++) {
      conns.push(await Deno.connect({ port }));
    }
    await first.stdout.match(/Accepted/);
    await second.stdout.match(/Accepted/);
    for (const conn of conns) conn.close();

    await using ours = startServer(SERVER, "--port", String(port));
    const { code, stderr } = await ours.ending();
    assertEquals(code, 1);
    assertMatch(stderr, /is in use by another program/);
  },
});

Deno.test(
  "select() tells again what was left undone",
  needsPython,
  async () => {
    const { stdout } = await runPython(`
import select, socket
a, b = socket.socketpair()
a.send(b"x")
for _ in range(3):
    print(len(select.select([b], [], [], 10)[0]))
b.recv(1)
print(len(select.select([b], [], [], 0)[0]))
`);
    assertEquals(stdout, "1\n1\n1\n0\n");
  },
);

Deno.test({
  name: "select() cannot take a socket whose number is 1024 or more",
  ignore: needsPython.ignore || Deno.build.os !== "linux",
  async fn() {
    const { stdout } = await runPython(`
import os, resource, select, socket
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2000), hard))
a, b = socket.socketpair()
a.send(b"x")
for number in 1023, 1024:
    os.dup2(b.fileno(), number)
    try:
        print(select.select([number], [], [])[0])
    except ValueError as error:
        print(error)
`);
    assertEquals(stdout, "[1023]\nfiledescriptor out of range in select()\n");
  },
});
