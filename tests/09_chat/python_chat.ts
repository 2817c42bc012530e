/**
 * A chat server and a chat client in Python, a thread for each wait, in the
 * manner of the source texts.
 *
 * @module
 */

/**
 * The server. It has the bug of the texts, which is in `attend`: only the first
 * of the lines that come with the name is used. The other one, to remove a
 * client while the lock is held, is in lesson 06, and not here.
 */
export const PYTHON_SERVER = `
import socket, threading
clients = {}
lock = threading.Lock()

def send_line(conn, text):
    try:
        conn.sendall(text.encode() + b"\\n")
    except OSError:
        pass

def broadcast(text, sender=None):
    with lock:
        others = [conn for conn in clients if conn is not sender]
    for conn in others:
        send_line(conn, text)

def recv_lines(conn, buffer):
    try:
        data = conn.recv(1024)
    except OSError:
        return None
    if not data:
        return None
    buffer.extend(data)
    lines = []
    while b"\\n" in buffer:
        line, _, rest = bytes(buffer).partition(b"\\n")
        buffer[:] = rest
        lines.append(line.decode(errors="replace").rstrip("\\r"))
    return lines

def attend(conn, addr):
    buffer = bytearray()
    lines = []
    while lines == []:
        lines = recv_lines(conn, buffer)
    if lines is None:
        return conn.close()
    name = lines[0].strip() or f"{addr}"
    with lock:
        clients[conn] = name
    print(f"{name} joined from {addr}", flush=True)
    broadcast(f"SERVER: {name} has joined the chat.", conn)
    while (lines := recv_lines(conn, buffer)) is not None:
        for line in lines:
            if line.strip().upper() == "EXIT":
                send_line(conn, "DONE")
                break
            print(f"{name}: {line}", flush=True)
            broadcast(f"{name}: {line}", conn)
        else:
            continue
        break
    with lock:
        del clients[conn]
    conn.close()
    broadcast(f"SERVER: {name} has left the chat.")

with socket.create_server(("127.0.0.1", 0)) as s:
    print("Listening on %s:%d" % s.getsockname(), flush=True)
    while True:
        threading.Thread(target=attend, args=s.accept(), daemon=True).start()
`;

/**
 * The client: one thread prints what comes, the other sends what is typed. It
 * knows no lines, and prints what each recv returns.
 */
export const PYTHON_CLIENT = `
import socket, sys, threading
conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))

def receive():
    while data := conn.recv(1024):
        print(data.decode(errors="replace"), end="", flush=True)
    print("Server closed connection", flush=True)

receiver = threading.Thread(target=receive)
receiver.start()
conn.sendall(sys.argv[2].encode() + b"\\n")
for line in sys.stdin:
    conn.sendall(line.rstrip("\\n").encode() + b"\\n")
receiver.join()
`;
