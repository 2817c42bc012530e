// The broadcast protocol on `node:net`, plain: a write for each client and line.
//
// Run: node tests/10_broadcast/node_broadcast.mjs
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const members = new Map(); // Socket -> name

function broadcast(text, exclude) {
  for (const member of members.keys()) {
    if (member !== exclude) member.write(text);
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => {});
  socket.on("close", () => {
    const name = members.get(socket);
    members.delete(socket);
    if (name !== undefined) broadcast(`${name} has left the chat.\n`);
  });
  socket.write("Welcome! Enter your name:\n");
  const lines = createInterface({ input: socket });
  lines.on("error", () => {}); // It hands on those of the socket.
  lines.on("line", (line) => {
    const name = members.get(socket);
    if (name !== undefined) return broadcast(`${name}: ${line}\n`);
    const chosen = line.trim() ||
      `${socket.remoteAddress}:${socket.remotePort}`;
    members.set(socket, chosen);
    socket.write(`Hello ${chosen}! You can chat now.\n`);
    broadcast(`${chosen} has joined the chat.\n`, socket);
  });
});
server.listen(0, "127.0.0.1", 511, () => {
  console.log(`Listening on 127.0.0.1:${server.address().port}`);
});
