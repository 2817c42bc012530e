/**
 * Rolls once, at the start; and closes on a name that is too long.
 *
 * Fails: /roll: one number by chance, the same for everybody
 * Words: Whoever rolls gets
 *
 * Fails: name: N characters are not too long, and one more is
 * Words: client 2 got nothing
 *
 * @module
 */
import { formatAddress } from "../../../lib/address.ts";
import { LineSplitter } from "../../../lib/lines.ts";
import { linger } from "../../../lib/linger.ts";
import { Outbox } from "../../../lib/outbox.ts";
import { serve } from "../../../lib/serve.ts";

const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5003 : Number(Deno.args[flag + 1]);

const COMMANDS = ["/help", "/quit", "/roll"];
const LIMITS: string[] = ["name=12"];

interface Client {
  name: string;
  outbox: Outbox;
}

const clients: Client[] = [];

const number = 1 + Math.floor(6 * Math.random());

function tell(client: Client, line: string): void {
  client.outbox.push(new TextEncoder().encode(`${line}\n`));
}

function tellOthers(client: Client, line: string): void {
  console.log(line.replace(/\p{C}/gu, "?"));
  for (const other of clients) {
    if (other !== client) tell(other, line);
  }
}

function join(client: Client, line: string, peer: string): boolean {
  const wanted = line.replace(/\p{C}/gu, "").trim() || peer;
  if (wanted !== peer && [...wanted].length > 12) {
    tell(client, "SERVER: name too long");
    return false;
  }
  client.name = wanted;
  const isTaken = ({ name }: Client) => name === client.name;
  for (let count = 2; clients.some(isTaken); count++) {
    client.name = `${wanted}-${count}`;
  }
  clients.push(client);
  tell(client, `SERVER: Hello ${client.name}!`);
  tellOthers(client, `SERVER: ${client.name} has joined the chat.`);
  return true;
}

function hear(client: Client, line: string): boolean {
  if (!line.startsWith("/")) {
    tellOthers(client, `${client.name}: ${line}`);
    return true;
  }
  const [word = ""] = line.split(" ");
  switch (word) {
    case "/help":
      tell(client, `SERVER: commands ${COMMANDS.join(" ")}`);
      tell(client, `SERVER: limits ${LIMITS.join(" ") || "none"}`);
      return true;
    case "/quit":
      tell(client, "SERVER: Goodbye.");
      return false;
    case "/roll": {
      const rolled = `SERVER: ${client.name} rolled ${number}`;
      tell(client, rolled);
      tellOthers(client, rolled);
      return true;
    }
    default:
      tell(client, `SERVER: no command ${word}; /help lists them`);
      return true;
  }
}

async function attend(conn: Deno.TcpConn): Promise<void> {
  const client: Client = {
    name: "",
    outbox: new Outbox(conn, { onFailure: () => conn[Symbol.dispose]() }),
  };
  const splitter = new LineSplitter();
  const buffer = new Uint8Array(4096);

  try {
    for (let stays = true; stays && !splitter.tooLong;) {
      const count = await conn.read(buffer);
      if (count === null) break;
      for (const line of splitter.push(buffer.subarray(0, count))) {
        stays = client.name === ""
          ? join(client, line, formatAddress(conn.remoteAddr))
          : hear(client, line);
        if (!stays) break;
      }
    }
  } catch (error) {
    console.log(`A connection broke off: ${(error as Error).message}`);
  } finally {
    const index = clients.indexOf(client);
    if (index !== -1) {
      clients.splice(index, 1);
      tellOthers(client, `SERVER: ${client.name} has left the chat.`);
    }
  }
  if (await client.outbox.close()) await linger(conn);
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
await serve(listener, attend);
