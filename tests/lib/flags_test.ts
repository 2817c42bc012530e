import { assertEquals, assertThrows } from "@std/assert";
import {
  addressFlag,
  connectPortFlag,
  hostFlag,
  listenPortFlag,
  switchFlag,
  wholeNumberFlag,
} from "../../lib/flag.ts";
import { FlagError, formatHelp, parseFlags } from "../../lib/flags.ts";

const usage = {
  command: "deno task echo-server",
  about: "Sends back every byte.",
  flags: {
    host: hostFlag("address to listen on"),
    port: listenPortFlag(65_432),
  },
};

Deno.test("parseFlags() gives the defaults when there is no flag", () => {
  assertEquals(parseFlags([], usage), {
    host: "127.0.0.1",
    port: 65_432,
    words: [],
  });
});

Deno.test("parseFlags() takes a value behind a space or an equals sign", () => {
  const expected = { host: "::1", port: 0, words: [] };
  assertEquals(parseFlags(["--host", "::1", "--port", "0"], usage), expected);
  assertEquals(parseFlags(["--host=::1", "--port=0"], usage), expected);
});

Deno.test("parseFlags() takes the last of several values", () => {
  const values = parseFlags(["--port=1", "--port=2"], usage);
  assertEquals(values?.port, 2);
});

Deno.test("parseFlags() sees a request for help", () => {
  assertEquals(parseFlags(["--help"], usage), null);
  assertEquals(parseFlags(["--port=1", "-h"], usage), null);
});

Deno.test("formatHelp() says what a flag is without being given, if it is something", () => {
  const flags = {
    host: hostFlag("address to listen on"),
    to: addressFlag("the server"),
    text: switchFlag("print what happens"),
  };
  assertEquals(formatHelp({ command: "it", about: "It.", flags }).split("\n"), [
    "It.",
    "",
    "Usage: it [flags]",
    "",
    "  --host HOST     address to listen on (127.0.0.1 unless given)",
    "  --to HOST:PORT  the server",
    "  --text          print what happens",
    "  --help          show this and leave",
  ]);
});

Deno.test("addressFlag() takes a host and a port, and nothing else", () => {
  const { parse } = addressFlag("the server");
  const hostname = "127.0.0.1";
  assertEquals(parse("127.0.0.1:5000"), { hostname, port: 5000 });
  assertEquals(parse("[::1]:80"), { hostname: "::1", port: 80 });
  for (
    const wrong of [
      "",
      "5000",
      ":5000",
      "localhost",
      "localhost:0",
      "localhost:65536",
      "localhost:5000x",
      "http://localhost:5000",
      "a b:5000",
      "::1:80",
    ]
  ) {
    assertEquals(parse(wrong), undefined, wrong);
  }
});

Deno.test("parseFlags() names the flag and the value that are wrong", () => {
  const whole = "--port takes a whole number from 0 to 65535, not";
  const wrong: [string[], string][] = [
    [["--port", "abc"], `${whole} "abc"`],
    [["--port=65536"], `${whole} "65536"`],
    [["--port=-1"], `${whole} "-1"`],
    [["--port=1.5"], `${whole} "1.5"`],
    [["--port=0x10"], `${whole} "0x10"`],
    [["--port= 1"], `${whole} " 1"`],
    [["--port"], `${whole} nothing`],
    [["--port", "--host=::1"], `${whole} nothing`],
    [["--host", ""], "--host takes an address or a name, not nothing"],
    [["--host="], "--host takes an address or a name, not nothing"],
    [["--prot", "1"], "There is no flag --prot; see --help"],
    [["--prot=1"], "There is no flag --prot; see --help"],
    [["-p", "1"], "There is no flag -p; see --help"],
    [["--no-port"], "There is no flag --no-port; see --help"],
    [["007"], '"007" is not a flag; see --help'],
    [["5000"], '"5000" is not a flag; see --help'],
    [["--", "5000"], '"5000" is not a flag; see --help'],
  ];
  for (const [args, message] of wrong) {
    assertThrows(() => parseFlags(args, usage), FlagError, message);
  }
});

Deno.test("a whole number is accepted at both bounds, and not past them", () => {
  const flag = wholeNumberFlag("", { default: 5, min: 3, max: 7 });
  assertEquals(["2", "3", "7", "8"].map(flag.parse), [
    undefined,
    3,
    7,
    undefined,
  ]);
  assertEquals(connectPortFlag(1).parse("0"), undefined);
  assertEquals(connectPortFlag(1).parse("65535"), 65_535);
  assertEquals(listenPortFlag(1).parse("0"), 0);
});

Deno.test("a switch is off until it is given, and takes no value", () => {
  const flags = { forever: switchFlag("stay") };
  const parse = (...args: string[]) =>
    parseFlags(args, { ...usage, flags, words: "[WORDS]" });
  assertEquals(parse(), { forever: false, words: [] });
  assertEquals(parse("--forever"), { forever: true, words: [] });
  assertEquals(parse("--forever", "x"), { forever: true, words: ["x"] });
});

Deno.test("words are taken as they are, where there may be any", () => {
  const args = ["007", "--port=1", "--", "--port", "1e3"];
  assertEquals(parseFlags(args, { ...usage, words: "[WORDS]" }), {
    host: "127.0.0.1",
    port: 1,
    words: ["007", "--port", "1e3"],
  });
});
