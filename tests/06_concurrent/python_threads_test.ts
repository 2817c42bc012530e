/**
 * What the text of lesson 06 says about threads in Python, shown.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { needsPython, runPython } from "../peers.ts";

Deno.test(
  "Python: a Lock cannot be taken twice, not even by the thread that has it",
  needsPython,
  async () => {
    const { code, stdout, stderr } = await runPython(`
import threading
lock = threading.Lock()
def remove_client():
    got_it = lock.acquire(timeout=0.2) # The texts wait without a limit.
    print("taken a second time:", got_it)
with lock:
    remove_client()
`);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, "taken a second time: False\n");
  },
);

Deno.test(
  "Python: a lock held over a send keeps everybody out while one does not read",
  needsPython,
  async () => {
    const { code, stdout, stderr } = await runPython(`
import socket, threading
lock = threading.Lock()
server_side, client_side = socket.socketpair()
sending = threading.Event()
def broadcast():
    with lock:
        sending.set()
        server_side.sendall(bytes(64 * 1024 * 1024)) # Nobody reads it.
threading.Thread(target=broadcast, daemon=True).start()
sending.wait()
print("another client may join:", lock.acquire(timeout=0.5))
`);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout, "another client may join: False\n");
  },
);

Deno.test(
  "Python: an error that nobody catches ends its thread alone",
  needsPython,
  async () => {
    const { code, stdout, stderr } = await runPython(`
import threading
def handle_client(): raise ConnectionResetError("one client")
thread = threading.Thread(target=handle_client)
thread.start()
thread.join()
print("still here")
`);
    assertEquals({ code, stdout }, { code: 0, stdout: "still here\n" });
    assertStringIncludes(stderr, "Traceback");
  },
);
