/**
 * A good answer to exercise 11: every command and every limit of the lists.
 *
 * @module
 */
import { formatAddress } from "../../lib/address.ts";
import { LineSplitter } from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { Outbox } from "../../lib/outbox.ts";
import { serve } from "../../lib/serve.ts";

const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5003 : Number(Deno.args[flag + 1]);

const MAX_LINES_A_SECOND = 5;
const MAX_NAME = 16;
const MAX_CLIENTS = 4;
const MAX_BYTES = 2000;
const MAX_SILENCE = 2;

const COMMANDS = [
  "/help",
  "/quit",
  "/count",
  "/time",
  "/roll",
  "/msg",
  "/last",
];
const LIMITS = [
  `rate=${MAX_LINES_A_SECOND}`,
  `name=${MAX_NAME}`,
  `clients=${MAX_CLIENTS}`,
  `bytes=${MAX_BYTES}`,
  `silence=${MAX_SILENCE}`,
];

/** Somebody who is connected. */
interface Client {
  /** Empty until the first line has come. */
  name: string;
  /** What waits to be sent. To put something in waits for nobody. */
  outbox: Outbox;
  /** When its last lines were heard, the oldest first. */
  heard: number[];
}

/** Those who have a name. */
const clients: Client[] = [];

/** The messages that were said last, the oldest first: 10 at most. */
const said: string[] = [];

/** A line for one client. */
function tell(client: Client, line: string): void {
  client.outbox.push(new TextEncoder().encode(`${line}\n`));
}

/** A line for all the others. */
function tellOthers(client: Client, line: string): void {
  // A terminal obeys control characters: none of a client's may reach it.
  console.log(line.replace(/\p{C}/gu, "?"));
  for (const other of clients) {
    if (other !== client) tell(other, line);
  }
}

/** The first line: the name. Returns whether the client may stay. */
function join(client: Client, line: string, peer: string): boolean {
  const own = line.replace(/\p{C}/gu, "").trim();
  // [...own] is characters; own.length would count an emoji twice.
  if ([...own].length > MAX_NAME) {
    tell(client, "SERVER: name too long");
    return true;
  }
  if (clients.length >= MAX_CLIENTS) {
    tell(client, "SERVER: room is full");
    return false;
  }
  const wanted = own || peer;
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

/** Whether one more line of this client may be heard now. */
function mayBeHeard(client: Client): boolean {
  // Not a count that begins anew every second: around that moment twice as
  // many lines could come within one second.
  const now = performance.now();
  client.heard = client.heard.filter((time) => now - time < 1000);
  if (client.heard.length >= MAX_LINES_A_SECOND) return false;
  client.heard.push(now);
  return true;
}

/** Every other line. Returns whether the client may stay. */
function hear(client: Client, line: string): boolean {
  if (!mayBeHeard(client)) {
    tell(client, "SERVER: too fast");
    return true;
  }
  if (!line.startsWith("/")) {
    const message = `${client.name}: ${line}`;
    said.push(message);
    if (said.length > 10) said.shift();
    tellOthers(client, message);
    return true;
  }
  const [word = ""] = line.split(" ");
  const rest = line.slice(word.length + 1);
  switch (word) {
    case "/help":
      tell(client, `SERVER: commands ${COMMANDS.join(" ")}`);
      tell(client, `SERVER: limits ${LIMITS.join(" ")}`);
      return true;
    case "/quit":
      tell(client, "SERVER: Goodbye.");
      return false;
    case "/count":
      tell(client, `SERVER: ${clients.length} here`);
      return true;
    case "/time":
      tell(client, `SERVER: ${new Date().toISOString()}`);
      return true;
    case "/roll": {
      // Once, and not for each of those who are told.
      const number = 1 + Math.floor(6 * Math.random());
      const rolled = `SERVER: ${client.name} rolled ${number}`;
      tell(client, rolled);
      tellOthers(client, rolled);
      return true;
    }
    case "/msg": {
      const [name = ""] = rest.split(" ");
      const receiver = clients.find((other) => other.name === name);
      if (receiver === undefined) {
        tell(client, `SERVER: nobody is called ${name}`);
      } else {
        const text = rest.slice(name.length + 1);
        tell(receiver, `${client.name} to you: ${text}`);
      }
      return true;
    }
    case "/last":
      if (!/^([1-9]|10)$/.test(rest)) {
        tell(client, "SERVER: usage /last N");
        return true;
      }
      for (const message of said.slice(-Number(rest))) tell(client, message);
      tell(client, "SERVER: end");
      return true;
    default:
      tell(client, `SERVER: no command ${word}; /help lists them`);
      return true;
  }
}

/** One client, from its connection to its end. */
async function attend(conn: Deno.TcpConn): Promise<void> {
  const client: Client = {
    name: "",
    outbox: new Outbox(conn, { onFailure: () => conn[Symbol.dispose]() }),
    heard: [],
  };
  const splitter = new LineSplitter();
  const buffer = new Uint8Array(4096);
  let total = 0;

  async function tooQuiet(): Promise<void> {
    tell(client, "SERVER: too quiet");
    await client.outbox.close();
    // Ends the read below. It may be closed meanwhile: close() would throw.
    conn[Symbol.dispose]();
  }
  let timer = setTimeout(tooQuiet, MAX_SILENCE * 1000);

  try {
    for (let stays = true; stays && !splitter.tooLong;) {
      const count = await conn.read(buffer);
      if (count === null) break;

      // One read may bring what is within the limit and what is over it.
      const within = Math.min(count, MAX_BYTES - total);
      total += count;
      for (const line of splitter.push(buffer.subarray(0, within))) {
        clearTimeout(timer);
        timer = setTimeout(tooQuiet, MAX_SILENCE * 1000);
        stays = client.name === ""
          ? join(client, line, formatAddress(conn.remoteAddr))
          : hear(client, line);
        if (!stays) break;
      }
      if (stays && total > MAX_BYTES) {
        tell(client, "SERVER: too many bytes");
        stays = false;
      }
    }
  } catch (error) {
    console.log(`A connection broke off: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
    const index = clients.indexOf(client);
    if (index !== -1) {
      clients.splice(index, 1);
      tellOthers(client, `SERVER: ${client.name} has left the chat.`);
    }
  }
  // What it was told before it left, it may still read.
  if (await client.outbox.close()) await linger(conn);
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
await serve(listener, attend);
