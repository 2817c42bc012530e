/**
 * Servers that nobody has written for the grader: in Python, and `nc`.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MARK } from "../grader/process.ts";
import { has, Program } from "../program.ts";
import { failed, file, grade, reports } from "./grading.ts";

const python = await has("python3");

/** An echo server in Python, for one client; `before` comes first. */
const echo = (before = "") => `
import os, signal, socket, sys, time
${before}
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(1)
print("Server listening on", s.getsockname())
conn, addr = s.accept()
with conn:
    while data := conn.recv(1024):
        conn.sendall(data)
`;

Deno.test({
  name:
    "a right answer in Python passes every check, with its ready line in Python's way",
  ignore: !python,
  async fn() {
    await using program = await file(echo());
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command });
    assertEquals(failed(verdicts), [], reports(verdicts));
  },
});

Deno.test({
  name: "a right answer that takes three seconds to start passes",
  ignore: !python,
  async fn() {
    await using program = await file(echo("time.sleep(3)"));
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command }, [
      "sends back what it gets",
    ]);
    assertEquals(failed(verdicts), [], reports(verdicts));
  },
});

Deno.test({
  name:
    "a program that ignores SIGTERM, and its children that left the group, are ended",
  ignore: !python || Deno.build.os !== "linux",
  async fn() {
    await using program = await file(echo(`
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(600)
`));
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command });
    assertEquals(failed(verdicts), [], reports(verdicts));
    assertEquals(marked(program.path), []);
  },
});

/** The processes of a grading that have `word` in their command. */
function marked(word: string): string[] {
  const found: string[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const read = (part: string) =>
        Deno.readTextFileSync(`/proc/${name}/${part}`);
      if (read("environ").includes(MARK) && read("cmdline").includes(word)) {
        found.push(`${name} ${read("cmdline").replaceAll("\0", " ")}`);
      }
    } catch {
      // It has just ended.
    }
  }
  return found;
}

Deno.test({
  name:
    "a server without a ready line fails with its address, and passes by --connect",
  ignore: !python,
  async fn() {
    await using program = await file(`
import socket, threading
s = socket.create_server(("127.0.0.1", 0))
def serve(conn):
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data)
        except OSError:
            pass
while True:
    conn, _ = s.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
`);
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command }, [
      "sends back what it gets",
    ]);
    const report = reports(verdicts);
    assertStringIncludes(report, "but has not said so");
    const place = report.match(/--connect 127\.0\.0\.1:(\d+)/);
    assert(Deno.build.os !== "linux" || place !== null, report);

    // Now it runs for itself, and is graded as it runs.
    await using server = new Program("python3", [
      "-u",
      "-c",
      `${await Deno.readTextFile(program.path)}`.replace(
        "\ndef serve",
        '\nprint("Listening on", s.getsockname()[1])\ndef serve',
      ),
    ]);
    const [, port] = await server.stdout.match(/Listening on (\d+)/);
    const connected = await grade("01_echo", {
      kind: "address",
      hostname: "127.0.0.1",
      port: Number(port),
    });
    // It does not end after one client, and nobody can see whether it would.
    assertEquals(failed(connected), ["skipped: ends when its client has gone"]);
  },
});

Deno.test({
  name: "nc -l is found to be no echo",
  ignore: !await has("nc"),
  async fn() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const command =
      `echo Listening on 127.0.0.1:${port}; nc -l 127.0.0.1 ${port}`;
    const verdicts = await grade("01_echo", { kind: "command", command }, [
      "sends back what it gets",
    ]);
    const [verdict] = verdicts.values();
    assertEquals(verdict?.outcome, "failed", reports(verdicts));
  },
});

/** The echo client's counterpart in the source texts: one `recv`, one `sendall`. */
const SOURCE_ECHO = `
import socket
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    s.listen(1)
    print("Listening on", s.getsockname())
    conn, addr = s.accept()
    data = conn.recv(1024).decode()
    conn.sendall(data.encode())
    conn.close()
`;

Deno.test({
  name:
    "a server that decodes one read is found by the checks for bytes, length and the second message",
  ignore: !python,
  async fn() {
    await using program = await file(SOURCE_ECHO);
    const command = `python3 ${program.path}`;
    const verdicts = await grade("01_echo", { kind: "command", command });
    assertEquals(failed(verdicts).sort(), [
      "failed: answers again and again on one connection",
      "failed: sends back a long message whole",
      "failed: sends back every byte value, unchanged",
      "failed: sends back one byte at a time",
      "failed: sends what it owes after the client's last word, then closes",
    ]);
    // Its traceback is shown where it died of the bytes.
    const bytes = verdicts.get("sends back every byte value, unchanged");
    assertStringIncludes(bytes?.report.join("\n") ?? "", "UnicodeDecodeError");
  },
});
