/**
 * Tells all others, and not the one who has changed the name.
 *
 * Fails: tells everybody the new name, the sender too
 * Words: client 1 got nothing
 * Fails: puts the new name before what is said after it, and only there
 * Words: client 1 got nothing
 * Fails: lets a client leave under its new name, however it leaves
 * Words: got nothing
 * Fails: sets the old name free at once, and the new one is taken
 * Words: client 1 got nothing
 * Fails: drops the space around the new name, and none within it
 * Words: client 1 got nothing
 * Fails: tells nobody who has not given a name yet
 * Words: client 1 got nothing
 * Fails: makes no difference of the cuts between reads
 * Words: got
 *
 * @module
 */
import { formatAddress } from "../../../lib/address.ts";
import { printable } from "../../../lib/console.ts";
import { readLines } from "../../../lib/lines.ts";
import { Outbox } from "../../../lib/outbox.ts";
import { serve } from "../../../lib/serve.ts";

const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 65_433 : Number(Deno.args[flag + 1]);

/** Who is in the room: by name, with what waits to be sent to each. */
const room = new Map<string, Outbox>();

/** Sends a line to everybody in the room, but not to `except`. */
function tellAll(text: string, except?: string): void {
  const bytes = new TextEncoder().encode(`${text}\n`);
  for (const [name, outbox] of room) {
    if (name !== except) outbox.push(bytes);
  }
}

/** Sends a line to one of them. */
function tell(outbox: Outbox, text: string): void {
  outbox.push(new TextEncoder().encode(`${text}\n`));
}

/** A name that is harmless on everybody's terminal; "" if there is none. */
function cleanName(text: string): string {
  return [...printable(text.trim())].slice(0, 32).join("").trim();
}

/** Whether nobody can have this name any more. */
function isTaken(name: string): boolean {
  return name === "SERVER" || room.has(name);
}

/** One client, from its nickname to its end. */
async function attend(conn: Deno.TcpConn): Promise<void> {
  const peer = formatAddress(conn.remoteAddr);
  const outbox = new Outbox(conn, { onFailure: () => conn[Symbol.dispose]() });
  let name = ""; // None yet.
  try {
    for await (const line of readLines(conn)) {
      if (name === "") {
        const wanted = cleanName(line) || peer;
        name = wanted;
        for (let n = 2; isTaken(name); n++) name = `${wanted}-${n}`;
        room.set(name, outbox);
        console.log(`${name} joined from ${peer}`);
        tellAll(`SERVER: ${name} has joined the chat.`, name);
      } else if (/^EXIT$/i.test(line.trim())) {
        tell(outbox, "DONE");
        break;
      } else if (line === "/name" || line.startsWith("/name ")) {
        const wanted = cleanName(line.slice("/name".length));
        if (wanted === "" || isTaken(wanted)) {
          tell(outbox, "SERVER: cannot use that name");
          continue;
        }
        // No await from the question whether it is taken to here: nobody else
        // can have taken it meanwhile.
        room.delete(name);
        room.set(wanted, outbox);
        tellAll(`SERVER: ${name} is now ${wanted}`, wanted);
        console.log(`${name} is now ${wanted}`);
        name = wanted;
      } else {
        console.log(`${name}: ${printable(line)}`);
        tellAll(`${name}: ${line}`, name);
      }
    }
  } finally {
    if (name !== "") {
      room.delete(name);
      tellAll(`SERVER: ${name} has left the chat.`);
      console.log(`${name} left`);
    }
  }
  await outbox.close(); // What it has been told is still sent.
}

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);
await serve(listener, attend, {
  onError: (error) => console.log(`A client failed: ${error}`),
});
