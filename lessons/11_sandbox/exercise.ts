/**
 * Exercise 11: a command and a limit of your own choice.
 *
 * It is a small sandbox already: names, messages, /help and /quit. Choose one
 * command and one limit (or more of each) from the lists on the lesson's page,
 * which says what goes over the wire, and build them in.
 *
 * Work on a copy: work/11_sandbox/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/11_sandbox/exercise.ts
 * Try it:         deno task sandbox-client, in two terminals
 */
import { formatAddress } from "../../lib/address.ts";
import { LineSplitter } from "../../lib/lines.ts";
import { linger } from "../../lib/linger.ts";
import { Outbox } from "../../lib/outbox.ts";
import { serve } from "../../lib/serve.ts";

const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5003 : Number(Deno.args[flag + 1]);

// STEP 1: Say what you have chosen: "/count", say, and "rate=5". Everybody who
//         sends /help is told.
const COMMANDS = ["/help", "/quit"];
const LIMITS: string[] = [];

/** Somebody who is connected. */
interface Client {
  /** Empty until the first line has come. */
  name: string;
  /** What waits to be sent. To put something in waits for nobody. */
  outbox: Outbox;
}

/** Those who have a name. */
const clients: Client[] = [];

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
  const wanted = line.replace(/\p{C}/gu, "").trim() || peer;

  // STEP 2: Two of the limits belong here: "name" and "clients". Is the name
  //         too long? Tell the client and return true: its next line is a name
  //         again. Is the room full? Tell it and return false.

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

/** Every other line. Returns whether the client may stay. */
function hear(client: Client, line: string): boolean {
  // STEP 3: The limit "rate" belongs here. Remember in the client when its last
  //         lines came (performance.now() is a clock that is never put back).

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

    // STEP 4: A case for your command. What stands behind the word is
    //         line.slice(word.length + 1).

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
  };
  const splitter = new LineSplitter();
  const buffer = new Uint8Array(4096);

  // STEP 5: The limit "silence" belongs here: a timer that every line starts
  //         anew. When it fires, tell the client, wait for client.outbox.close()
  //         and call conn[Symbol.dispose](), which ends the read below. It
  //         closes as conn.close() does, and does not throw if the connection
  //         is closed already. Do not forget clearTimeout when the client has
  //         gone.

  try {
    for (let stays = true; stays && !splitter.tooLong;) {
      const count = await conn.read(buffer);
      if (count === null) break;

      // STEP 6: The limit "bytes" belongs here: add up the counts. What is over
      //         the limit does not go to the splitter.

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
  // What it was told before it left, it may still read.
  if (await client.outbox.close()) await linger(conn);
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
await serve(listener, attend);
