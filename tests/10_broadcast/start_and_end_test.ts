/**
 * How the servers of lesson 10 start and end.
 *
 * @module
 */
import { promisesOfServer } from "../promises.ts";
import { BROADCAST_SERVER, DIRECT_SERVER } from "./session.ts";

promisesOfServer({
  script: BROADCAST_SERVER,
  port: 65_435,
  hello: "Ada\n",
  help: ["--max-backlog BYTES", "(1048576 unless given)"],
  refused: [
    [
      ["--max-backlog", "1000"],
      "--max-backlog takes a whole number from 262144 to 1073741824, " +
      'not "1000"',
    ],
  ],
});

promisesOfServer({
  script: DIRECT_SERVER,
  port: 65_436,
  hello: "Ada\n",
  help: ["--write-timeout SECONDS", "(5 unless given)"],
  refused: [
    [
      ["--write-timeout", "0"],
      '--write-timeout takes a number of seconds from 0.01 to 86400, not "0"',
    ],
  ],
});
