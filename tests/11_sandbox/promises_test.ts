/**
 * What the server and the client promise like all others of the course.
 *
 * @module
 */
import { promisesOfClient, promisesOfServer } from "../promises.ts";

const FRAMING: [string[], string][] = [
  [["--framing", "frame"], '--framing takes lines or frames, not "frame"'],
  [
    ["--framing", "toString"],
    '--framing takes lines or frames, not "toString"',
  ],
  [["--framing"], "--framing takes lines or frames, not nothing"],
];

promisesOfServer({
  script: "lessons/11_sandbox/sandbox_server.ts",
  port: 5003,
  hello: "Anna\n",
  help: ["lines|frames", "--idle-timeout SECONDS"],
  refused: [
    ...FRAMING,
    ...["soon", "86401", "0.001"].map((value): [string[], string] => [
      ["--idle-timeout", value],
      "--idle-timeout takes a number of seconds from 0.01 to 86400, or 0, " +
      `not "${value}"`,
    ]),
  ],
});

promisesOfClient({
  script: "lessons/11_sandbox/sandbox_client.ts",
  port: 5003,
  args: ["--name", "Anna"],
  server: "deno task sandbox-server",
  hello: "Anna\n",
  line: "hello",
  help: ["lines|frames", "--name NAME"],
  refused: [
    ...FRAMING,
    [["--name", " "], '--name takes a name, not " "'],
    [["--name", "\x1b[2J"], '--name takes a name, not "\x1b[2J"'],
  ],
});
