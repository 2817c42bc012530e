/**
 * The echo on node:net, under Node: what the servers of lesson 06 are measured
 * against.
 */
import { createServer } from "node:net";

const server = createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (chunk) => socket.write(chunk));
});
server.listen(0, "127.0.0.1", 511, () => {
  console.log(`Listening on 127.0.0.1:${server.address().port}`);
});
