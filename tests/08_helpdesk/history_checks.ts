/**
 * How exercise 08 answers HISTORY.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { expectAck, LogFile, say } from "./desk.ts";

const EXERCISE = "README.md#exercise";

/** The answer to HISTORY. */
function history(texts: string[]): string {
  const lines = texts.map((text, index) => `${index + 1}: ${text}\n`);
  return `${lines.join("")}END\n`;
}

/** The checks of step 3. */
export const historyChecks: Check[] = [
  {
    name: "answers HISTORY with the messages of the session",
    hint:
      "Remember each message in a list. HISTORY is answered from it, each " +
      "as N: TEXT, then END; it is no message itself",
    about: "An answer of any length needs an end that the client can see. " +
      "Here it is the line END.",
    page: EXERCISE,
    step: 3,
    async run(target) {
      await target.serve();
      const { random } = target;
      const client = await target.connect();
      const said: string[] = [];
      const ask = async () => {
        await client.send("HISTORY\n");
        await client.expect(history(said));
      };
      await ask();
      for (const word of [random.word(), "", random.word()]) {
        await say(client, word);
        said.push(word);
      }
      await ask();
      await ask();

      const [first, second] = [random.word(), random.word()];
      await client.send(`${first}\nHISTORY\n${second}\nHISTORY\n`);
      await expectAck(client, first);
      said.push(first);
      await client.expect(history(said));
      await expectAck(client, second);
      said.push(second);
      await client.expect(history(said));

      await client.send("HISTORY\n", { pieces: "bytes" });
      await client.expect(history(said));
    },
  },
  {
    name: "takes HISTORY for a question only if it is exactly that",
    hint: 'Compare the whole line: text === "HISTORY"',
    about: "What is a command and what is a message is for the protocol to " +
      "say, and it says: exactly so.",
    page: EXERCISE,
    step: 3,
    async run(target) {
      await target.serve();
      const client = await target.connect();
      const texts = ["history", "HISTORY ", " HISTORY", "HISTORY 1", "history"];
      for (const text of texts) await say(client, text);
      await client.send("HISTORY\n");
      await client.expect(history(texts));
    },
  },
  {
    name: "keeps the histories of sessions apart",
    hint:
      "The list belongs to the session: make it in the function that runs " +
      "once for each client",
    about: "A session ends with its connection. A client that connects again " +
      "is a new one to the server.",
    page: EXERCISE,
    step: 3,
    async run(target) {
      await target.serve();
      const { random } = target;
      const word = () => random.word();
      const [first, second] = [await target.connect(), await target.connect()];
      const said = { first: [word(), word()], second: [word(), word()] };
      for (const index of [0, 1]) {
        await say(first, said.first[index] ?? "");
        await say(second, said.second[index] ?? "");
      }
      await first.send("HISTORY\n");
      await first.expect(history(said.first));
      await second.send("HISTORY\n");
      await second.expect(history(said.second));
      first.halfClose();
      await first.expectEnd();
      const third = await target.connect();
      await third.send("HISTORY\n");
      await third.expect(history([]));
    },
  },
  {
    name: "does not write HISTORY to the file",
    hint: "Answer HISTORY before the line that writes to the file",
    about: "A question that changes nothing may be asked again, as often as " +
      "one likes: also by a client that has got no answer.",
    page: EXERCISE,
    step: 3,
    async run(target) {
      const log = new LogFile(target);
      await log.serve();
      const client = await target.connect();
      const words = [target.random.word(), target.random.word()];
      for (const [index, word] of words.entries()) {
        await say(client, word);
        await client.send("HISTORY\n");
        await client.expect(history(words.slice(0, index + 1)));
        await log.expectTexts(words.slice(0, index + 1));
      }
    },
  },
];
