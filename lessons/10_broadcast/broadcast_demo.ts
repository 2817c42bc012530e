/**
 * What one client that does not read does to the others: both servers of this
 * lesson, some clients, and what one of them notices.
 *
 * Run: deno task broadcast-demo        It needs no second terminal.
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { secondsFlag, wholeNumberFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import { serveRoom } from "./broadcast_server.ts";
import { serveDirectly } from "./direct_broadcast_server.ts";
import {
  experiment,
  INTERVAL,
  type RoundTrip,
  type Server,
} from "./experiment.ts";

/** How wide the picture may be. */
const WIDTH = 74;

/** A character for each message, or for each 100 ms that Ada waits for it. */
export function timeline(trips: RoundTrip[]): string {
  let line = "";
  for (const [index, { phase, ms }] of trips.entries()) {
    const before = trips[index - 1]?.phase ?? phase;
    if (phase !== before) line += "|";
    line += ms < INTERVAL ? "." : "#".repeat(Math.round(ms / INTERVAL));
  }
  return line.replaceAll(new RegExp(`.{${WIDTH}}(?=.)`, "g"), "$&\n");
}

/** The middle and the slowest of the round trips, in each of the phases. */
export function tableRow(server: string, trips: RoundTrip[]): string {
  let row = server.padEnd(24);
  for (const phase of ["before", "with", "after"]) {
    const times = trips.filter((trip) => trip.phase === phase)
      .map(({ ms }) => ms).toSorted((a, b) => a - b);
    for (const ms of [times[Math.floor(times.length / 2)], times.at(-1)]) {
      row += (ms?.toFixed(1) ?? "-").padStart(9);
    }
  }
  return row;
}

if (import.meta.main) {
  const { "write-timeout": seconds, talkers } = flagsOrExit({
    command: "deno task broadcast-demo",
    about: "Shows what one client that does not read does to the others.",
    flags: {
      "write-timeout": secondsFlag("how long the direct server waits", 2),
      talkers: wholeNumberFlag("how many others talk all the time", {
        default: 4,
        min: 1,
        max: 50,
      }),
    },
  });
  const rooms: { name: string; about: string; server: Server }[] = [
    {
      name: "direct-broadcast-server",
      about: `writes to each in turn, and waits up to ${seconds} s`,
      server: (listener, options) =>
        serveDirectly(listener, { ...options, writeTimeout: seconds * 1000 }),
    },
    {
      name: "broadcast-server",
      about: "an outbox for each, in which up to 1 MiB waits",
      server: (listener, options) =>
        serveRoom(listener, { ...options, maxBacklog: 1024 * 1024 }),
    },
  ];

  await runProgram(async () => {
    console.log(
      `Ada says something every ${INTERVAL} ms, and waits until she hears it herself.
Others talk all the time: ${talkers}. Then a client joins that does not read.
`,
    );
    const rows: string[] = [];
    for (const { name, about, server } of rooms) {
      console.log(`${name}: ${about}`);
      const trips = await experiment(server, talkers);
      console.log(timeline(trips).replace(/^/gm, "   "));
      if (trips.at(-1)?.phase === "with") {
        console.log(
          "   The client is there still. The demo does not wait longer.",
        );
      }
      console.log();
      rows.push(tableRow(name, trips));
    }
    console.log(
      `   .  a message that was heard at once   #  ${INTERVAL} ms of waiting for one
   |  here the client joins, and here the server lets it go

How long until Ada hears what she has said, in milliseconds:

                          before it joins    while it is there     after it
                           middle  slowest   middle  slowest   middle  slowest
${rows.join("\n")}`,
    );
  }, {
    address: { hostname: "127.0.0.1", port: 0 },
    farewell: "\nDemo stopped",
  });
}

Deno.test("the picture has a character for each 100 ms", () => {
  assertEquals(
    timeline([
      { phase: "before", ms: 0.3 },
      { phase: "before", ms: 99 },
      { phase: "with", ms: 0.2 },
      { phase: "with", ms: 504 },
      { phase: "after", ms: 1 },
    ]),
    "..|.#####|.",
  );
});

Deno.test("a row has the middle and the slowest of each phase", () => {
  assertEquals(
    tableRow("some-server", [
      { phase: "before", ms: 3 },
      { phase: "before", ms: 20 },
      { phase: "before", ms: 1.04 },
      { phase: "with", ms: 504 },
    ]),
    "some-server                   3.0     20.0    504.0    504.0        -        -",
  );
});
