/**
 * Exercise 02: many requests from one client, each of them checked.
 *
 * A request is a line of text: it ends at a newline. Every request gets one
 * reply, also a line: an acknowledgement, or what is wrong with the request.
 * The connection stays open until the client will send no more. Then the next
 * client is served, for ever.
 *
 * Work on a copy: work/02_request_reply/exercise.ts
 * Run it:         deno run -N=127.0.0.1 work/02_request_reply/exercise.ts
 * Try it:         nc 127.0.0.1 5000
 */
const flag = Deno.args.indexOf("--port");
const port = flag === -1 ? 5000 : Number(Deno.args[flag + 1]);

const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on 127.0.0.1:${listener.addr.port}`);

while (true) {
  const conn = await listener.accept();
  console.log(`Connection from 127.0.0.1:${conn.remoteAddr.port}`);

  // STEP 1: Read, again and again, until conn.read returns null, and make text
  //         of the bytes. A read may end in the middle of a character, so take
  //         one decoder for the whole connection:
  //         decoder.decode(bytes, { stream: true })

  // STEP 2: Collect the text. As often as there is a "\n" in it, take the line
  //         before it out, without the "\r" that may stand at its end. What
  //         comes after the last "\n" stays for the next read. If that is
  //         longer than 65 536 characters, close the connection: a line without
  //         an end would fill the memory.

  // STEP 3: Answer each line with one line:
  //         nothing but white space        -> "ERROR: Empty message\n"
  //         more than 100 characters       -> "ERROR: Message too long\n"
  //         anything else                  -> "ACK: " + line + "\n"
  //         line.length counts an emoji as two. [...line].length does not.

  // STEP 4: Write all of it: conn.write(bytes) returns how many it took.

  // STEP 5: A client may reset its connection at any moment. Then accept, read
  //         or write throws. Catch that: the next client must be served.

  conn.close();
  console.log("Closed connection");
}
