/**
 * The commands: what begins with a slash is not said, but done.
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { type Member, Room } from "./room.ts";

/** What a command has at hand. */
interface Call {
  room: Room;
  /** Who has sent it. */
  member: Member;
  /** What follows the word. */
  argument: string;
}

/** A command. */
interface Command {
  /** How it is written, for `/help`. */
  usage: string;
  run(call: Call): void;
}

/** The commands by their words. Add yours here. */
const COMMANDS: Record<string, Command> = {
  "/help": {
    usage: "/help",
    run({ room, member }) {
      const usages = Object.values(COMMANDS).map(({ usage }) => usage);
      room.tell(member, usages.join(", "));
    },
  },
  "/me": {
    usage: "/me ACTION",
    run({ room, member, argument }) {
      if (argument === "") room.tell(member, "usage: /me ACTION");
      else room.announce(`* ${member.name} ${argument}`);
    },
  },
  "/nick": {
    usage: "/nick NEW",
    run({ room, member, argument }) {
      if (!room.rename(member, argument)) {
        room.tell(member, "cannot use that name");
      }
    },
  },
  "/quit": {
    usage: "/quit",
    run({ room, member }) {
      room.tell(member, "Goodbye.");
      member.leave();
    },
  },
  "/who": {
    usage: "/who",
    run({ room, member }) {
      const { names } = room;
      room.tell(member, `${names.length} here: ${names.join(", ")}`);
    },
  },
};

/**
 * Does what `text` asks for. What does not begin with a slash is said to all
 * others; so is what begins with two, without the first of them.
 */
export function hear(room: Room, member: Member, text: string): void {
  if (!text.startsWith("/")) return room.say(member, text);
  if (text.startsWith("//")) return room.say(member, text.slice(1));
  const word = text.replace(/\s.*$/s, "");
  const command = COMMANDS[word.toLowerCase()];
  if (command === undefined) {
    room.tell(member, `no command ${word}; /help lists them`);
  } else {
    command.run({ room, member, argument: text.slice(word.length).trim() });
  }
}

Deno.test("a second slash says the first one", () => {
  const heard: string[] = [];
  const room = new Room(
    (text) => new TextEncoder().encode(text),
    (line) => heard.push(line),
  );
  const member: Member = {
    peer: "127.0.0.1:1",
    name: "",
    send: () => {},
    leave: () => {},
  };
  room.join(member, "Anna");
  for (const text of ["//who", "/who", "/ME waves", "hello"]) {
    hear(room, member, text);
  }
  assertEquals(heard.slice(1), ["Anna: /who", "* Anna waves", "Anna: hello"]);
});
