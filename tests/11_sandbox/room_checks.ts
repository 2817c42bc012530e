/**
 * What the sandbox of exercise 11 does already, and still has to do.
 *
 * @module
 */
import type { Check } from "../grader/check.ts";
import { CheckFailure } from "../grader/failure.ts";
import { bytesOf } from "../grader/wire.ts";
import { askForHelp, COMMANDS, limitIn, LIMITS } from "./choice.ts";
import { Guest, inRoom } from "./room.ts";

const EXERCISE = "README.md#exercise";

/** Names, lines, /help, and who comes and goes. */
export const roomChecks: Check[] = [
  {
    name: "/help names a command and a limit of the page",
    hint: "Put your command into COMMANDS and your limit, as name=N, into " +
      "LIMITS",
    about: "Two programs can do only what both know. One can ask the other " +
      "what that is.",
    page: EXERCISE,
    step: 1,
    points: 5,
    run: (target) =>
      inRoom(target, async (room) => {
        const guest = await room.join();
        const other = await room.join();
        const { commands, limits } = await askForHelp(guest);
        const shown = [
          `received  "SERVER: commands ${commands.join(" ")}"`,
          `received  "SERVER: limits ${limits.join(" ") || "none"}"`,
        ];
        if (!COMMANDS.some((command) => commands.includes(command))) {
          throw new CheckFailure(
            `/help names none of the commands ${COMMANDS.join(" ")}`,
            { shown },
          );
        }
        const known = limits.flatMap((word) => limitIn(word) ?? []);
        if (known.length === 0) {
          const names = Object.keys(LIMITS).map((name) => `${name}=N`);
          throw new CheckFailure(
            `/help names none of the limits ${names.join(" ")}`,
            { shown },
          );
        }
        for (const { limit, count, allowed } of known) {
          const [least, most] = LIMITS[limit];
          if (allowed) continue;
          throw new CheckFailure(
            `/help names ${limit}=${count}, and N is from ${least} to ${most}`,
            { shown, cause: "The page has bounds for the N of each limit" },
          );
        }
        await room.talk(other, {
          cause: "The answer to /help goes to its sender alone",
        });
      }),
  },
  {
    name: "greets by name, and tells those with a name who comes and goes",
    hint: "The first line is the name. Who has none yet is not in clients, " +
      "and hears nothing",
    about: "A connection is not a member yet. It becomes one with the first " +
      "message that the protocol asks for.",
    page: EXERCISE,
    run: (target) =>
      inRoom(target, async (room) => {
        const nameless = await room.connect();
        await room.join();
        const second = await room.join();
        await room.talk(second);
        await second.say("/quit");
        await second.hear("SERVER: Goodbye.");
        await second.peer.expectEnd();
        await room.left(second);
        await room.join(room.newName(), nameless);
      }),
  },
  {
    name: "passes a line on to all others, and not to its sender",
    hint: 'A line goes to all others as "NAME: TEXT", unchanged',
    about: "Who has said something knows it already. The others cannot know " +
      "who it was if the server does not say so.",
    page: "README.md#what-to-look-for",
    run: (target) =>
      inRoom(target, async (room) => {
        for (let count = 0; count < 3; count++) await room.join();
        for (const guest of room.guests) {
          await room.talk(guest);
          const { random } = target;
          const text = `${random.word()}: "ä€😀", ${random.word()}`;
          await guest.say(text);
          await room.hearAll(`${guest.name}: ${text}`, { except: guest });
        }
      }),
  },
  {
    name: "makes a name of every first line, and no name twice",
    hint: "Take white space around the name and control characters away. Is " +
      "nothing left, it is IP:PORT. Is it taken, it gets -2, -3 and so on",
    about: "A name is a promise to all others that they can tell people " +
      "apart. The client can only wish for one.",
    page: EXERCISE,
    run: (target) =>
      inRoom(target, async (room) => {
        const host = await room.join();
        const lines = [
          [` \t${host.name}  `, `${host.name}-2`],
          [`\x1b${host.name}\x07`, `${host.name}-3`],
        ];
        for (const [line = "", name = ""] of lines) {
          const guest = new Guest(name, await room.connect());
          await guest.say(line);
          await guest.hear(`SERVER: Hello ${name}!`);
          await room.joined(guest);
        }
        for (const guest of room.guests.slice(1)) {
          await guest.say("/quit");
          await guest.hear("SERVER: Goodbye.");
          await room.left(guest);
        }
        for (let count = 0; count < 2; count++) {
          const peer = await room.connect();
          await peer.send("  \n");
          const [, address = ""] = await peer.expectLine(
            /^SERVER: Hello (\S+:\d+)!$/,
            '"SERVER: Hello IP:PORT!" with its own address: it has said no name',
          );
          await room.joined(new Guest(address, peer));
        }
        await room.talk(room.guests.at(-1) as Guest);
      }),
  },
  {
    name: "puts a line together, wherever it was cut",
    hint: "Give all bytes of a connection to one LineSplitter, also those of " +
      "the name, and take only the lines that it returns",
    about: "A read brings what has arrived by now: a part of a line, or a " +
      "part of a character.",
    page: EXERCISE,
    run: (target) =>
      inRoom(target, async (room) => {
        const { random } = target;
        await room.join();
        for (const way of ["bytes", "anywhere"]) {
          const guest = new Guest(room.newName(), await room.connect());
          const texts = [`${random.word()} ä€😀`, random.word(), "€"];
          const wire = bytesOf(`${[guest.name, ...texts].join("\n")}\n`);
          // Anywhere in the name, and anywhere in the last character.
          const cuts = [random.integer(1, 5), -random.integer(2, 3)] as const;
          const pieces = way === "bytes" ? way : [
            wire.subarray(0, cuts[0]),
            wire.subarray(...cuts),
            wire.subarray(cuts[1]),
          ];
          await guest.peer.send(wire, { pieces });
          await guest.hear(`SERVER: Hello ${guest.name}!`);
          const heard = texts.map((text) => `${guest.name}: ${text}`);
          await room.joined(guest);
          await room.hearAll(heard, { except: guest });
        }
      }),
  },
  {
    name: "hears every line of one piece, up to /quit",
    hint: "One read may bring many lines, the name and /quit among them. " +
      "Take them one after the other, and none after /quit",
    about: "TCP keeps the bytes and their order. Where one write ended and " +
      "the next began, it does not know.",
    page: EXERCISE,
    run: (target) =>
      inRoom(target, async (room) => {
        await room.join();
        const guest = new Guest(room.newName(), await room.connect());
        const texts = Array.from({ length: 3 }, () => target.random.word());
        await guest.say(guest.name, ...texts, "/quit", "too late");
        await guest.hear([`SERVER: Hello ${guest.name}!`, "SERVER: Goodbye."]);
        await guest.isOver();
        await room.joined(guest);
        const heard = texts.map((text) => `${guest.name}: ${text}`);
        await room.hearAll(heard, { except: guest });
        await room.left(guest);
        await room.join();
      }),
  },
  {
    name: "says that there is no such command, to the sender alone",
    hint: "A command is the whole word up to the first space: /counter is " +
      "not /count",
    about: "What a program does not know it should say, and not do something " +
      "like it.",
    page: EXERCISE,
    step: 4,
    run: (target) =>
      inRoom(target, async (room) => {
        for (let count = 0; count < 3; count++) await room.join();
        const [host] = room.guests as [Guest];
        const { commands } = await askForHelp(host);
        const known = COMMANDS.filter((command) => commands.includes(command));
        const words = ["/x", "/help", "/quit", ...known]
          .map((word) => word + target.random.word());
        for (const [index, word] of words.entries()) {
          const guest = room.guests[index % 3] as Guest;
          await guest.say(`${word} ${target.random.word()}`);
          const answer = `SERVER: no command ${word}; /help lists them`;
          await guest.hear(answer);
        }
        await room.talk(room.guests[2] as Guest);
        await room.talk(room.guests[1] as Guest);
      }),
  },
  {
    name: "goes on without whoever leaves, for whatever reason",
    hint: "Whether conn.read returns null or throws: take the client out, " +
      "tell the others, and serve them as before",
    about: "A client may say that it sends no more, close, or break off with " +
      "a reset. Only its own connection is over.",
    page: EXERCISE,
    run: (target) =>
      inRoom(target, async (room) => {
        await room.join();
        await room.join();
        const ways = ["reset", "halfClose", "close"] as const;
        for (const way of ways) {
          const nameless = await room.connect();
          await nameless.send(room.newName()); // No whole line.
          await nameless[way]();
          const guest = await room.join();
          await guest.peer.send(target.random.word());
          await guest.peer[way]();
          await room.left(guest);
        }
        for (const guest of room.guests) await room.talk(guest);
      }),
  },
];
