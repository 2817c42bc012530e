"""The broadcast protocol in the style of Python's `selectors`: one loop for all
clients, and a queue of bytes for each. Written for the benchmark.

Run: python3 tests/10_broadcast/selectors_broadcast.py
"""
import selectors
import socket

selector = selectors.DefaultSelector()
clients = {}


class Client:
    def __init__(self, sock, address):
        self.sock = sock
        self.address = address
        self.name = None
        self.received = b""
        self.queue = bytearray()

    def send(self, message):
        # Ask for writability only when the queue begins: that call is slow.
        if not self.queue:
            selector.modify(
                self.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, self
            )
        self.queue += message


def broadcast(text, exclude=None):
    message = text.encode()
    for client in clients.values():
        if client.name is not None and client is not exclude:
            client.send(message)


def leave(client):
    selector.unregister(client.sock)
    client.sock.close()
    del clients[client.sock]
    if client.name is not None:
        broadcast(f"{client.name} has left the chat.\n")


def take_line(client, line):
    text = line.decode("utf-8", errors="replace").strip()
    if client.name is not None:
        broadcast(f"{client.name}: {text}\n")
        return
    client.name = text or "%s:%d" % client.address
    client.send(f"Hello {client.name}! You can chat now.\n".encode())
    broadcast(f"{client.name} has joined the chat.\n", exclude=client)


def serve(client, events):
    if events & selectors.EVENT_READ:
        try:
            chunk = client.sock.recv(65536)
        except OSError:
            chunk = b""
        if not chunk:
            return leave(client)
        *lines, client.received = (client.received + chunk).split(b"\n")
        for line in lines:
            take_line(client, line)
    if events & selectors.EVENT_WRITE and client.queue:
        try:
            count = client.sock.send(client.queue)
        except BlockingIOError:
            return
        except OSError:
            return leave(client)
        del client.queue[:count]
        if not client.queue:
            selector.modify(client.sock, selectors.EVENT_READ, client)


with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    print("Listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        for key, events in selector.select():
            if key.data is not None:
                serve(key.data, events)
                continue
            sock, address = listener.accept()
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = clients[sock] = Client(sock, address)
            selector.register(sock, selectors.EVENT_READ, client)
            client.send(b"Welcome! Enter your name:\n")
