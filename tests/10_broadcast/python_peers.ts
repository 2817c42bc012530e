/**
 * Programs in Python in the manner of the source texts, their faults included,
 * written from the protocol.
 *
 * @module
 */

/** One loop and a queue for each client: what waits has no limit. */
export const SELECTORS_SERVER = `
import selectors, socket

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
selector = selectors.DefaultSelector()
clients = {}

class Client:
    name, received, queue = None, b"", b""

def send(sock, text):
    clients[sock].queue += text.encode()
    selector.modify(sock, READ | WRITE, clients[sock])

def broadcast(text, exclude=None):
    for sock in list(clients):
        if sock is not exclude:
            send(sock, text)

def disconnect(sock):
    selector.unregister(sock)
    sock.close()
    client = clients.pop(sock)
    broadcast(f"{client.name} has left the chat.\\n")

def take_line(sock, client, text):
    if client.name is None:
        client.name = text or "%s:%d" % sock.getpeername()
        send(sock, f"Hello {client.name}! You can chat now.\\n")
        broadcast(f"{client.name} has joined the chat.\\n", exclude=sock)
    else:
        broadcast(f"{client.name}: {text}\\n")

def serve(sock, client, events):
    if events & READ:
        try:
            chunk = sock.recv(4096)
        except ConnectionResetError:
            chunk = b""
        if chunk:
            client.received += chunk
            while b"\\n" in client.received:
                line, client.received = client.received.split(b"\\n", 1)
                take_line(sock, client, line.decode(errors="replace").strip())
        else:
            disconnect(sock)
    # The fault: it goes on here with a socket that may be closed by now.
    if events & WRITE:
        if client.queue:
            try:
                count = sock.send(client.queue)
            except BlockingIOError:
                count = 0
            client.queue = client.queue[count:]
        if not client.queue:
            try:
                selector.modify(sock, READ, client)
            except Exception:
                pass

with socket.create_server(("127.0.0.1", 0)) as listener:
    listener.setblocking(False)
    selector.register(listener, READ)
    print("Listening on %s:%d" % listener.getsockname())
    while True:
        for key, events in selector.select():
            if key.fileobj is listener:
                sock, _ = listener.accept()
                sock.setblocking(False)
                clients[sock] = client = Client()
                selector.register(sock, READ, client)
                send(sock, "Welcome! Enter your name:\\n")
            else:
                serve(key.fileobj, key.data, events)
`;

/**
 * A thread for each client, and a lock that is held while sending. Started with
 * "report" it tells again and again where its threads are, innermost first.
 */
export const THREADED_SERVER = `
import socket, sys, threading, time, traceback

def report():
    while True:
        time.sleep(0.2)
        for frame in sys._current_frames().values():
            calls = [call.name for call in traceback.extract_stack(frame)]
            print(" < ".join(reversed(calls)), file=sys.stderr)

if "report" in sys.argv:
    threading.Thread(target=report, daemon=True).start()

lock = threading.Lock()
clients = {}

def broadcast(text, exclude=None):
    with lock:
        gone = []
        for conn in clients:
            if conn is not exclude:
                try:
                    conn.sendall(text.encode())
                except Exception:
                    gone.append(conn)
        for conn in gone:
            remove_client(conn)

def remove_client(conn):
    with lock:
        name = clients.pop(conn, None)
    conn.close()
    if name:
        broadcast(f"{name} has left the chat.\\n")

def serve(conn, address):
    try:
        conn.sendall(b"Welcome! Enter your name:\\n")
        lines = conn.makefile("r", encoding="utf-8", errors="replace")
        line = lines.readline()
        if not line:
            return conn.close()
        name = line.strip() or "%s:%d" % address
        with lock:
            clients[conn] = name
        conn.sendall(f"Hello {name}! You can chat now.\\n".encode())
        broadcast(f"{name} has joined the chat.\\n", exclude=conn)
        for line in lines:
            broadcast(f"{name}: {line.strip()}\\n")
    except Exception:
        pass
    remove_client(conn)

with socket.create_server(("127.0.0.1", 0)) as listener:
    print("Listening on %s:%d" % listener.getsockname())
    while True:
        threading.Thread(target=serve, args=listener.accept(), daemon=True).start()
`;

/** A thread that prints what comes, and a loop that sends what is typed. */
export const PYTHON_CLIENT = `
import socket, sys, threading

def receive(sock):
    while chunk := sock.recv(4096):
        print(chunk.decode(errors="replace"), end="")

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
    threading.Thread(target=receive, args=(sock,), daemon=True).start()
    for line in sys.stdin:
        sock.sendall(line.encode())
`;
