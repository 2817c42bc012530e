/**
 * Workers server: the echo of the concurrent server, with a worker on every
 * core. All of them listen on the same port.
 *
 * Run: deno task workers-server         Then, in other terminals: deno task echo-client --port 5008
 *
 * @module
 */
import { assertEquals } from "jsr:@std/assert@^1";
import { formatAddress } from "../../lib/address.ts";
import { hostFlag, listenPortFlag, wholeNumberFlag } from "../../lib/flag.ts";
import { flagsOrExit } from "../../lib/flags.ts";
import { runProgram } from "../../lib/program.ts";
import type { Answer, Order } from "./echo_worker.ts";

/** The worker's program: next to this one, on a disk or on a web server. */
const WORKER = new URL("./echo_worker.ts", import.meta.url);

/** What Deno lets this program do. */
export interface Grants {
  unstableNet: boolean;
  net: boolean;
  read: boolean;
}

function currentGrants(address: { hostname: string; port: number }): Grants {
  const path = new URL("../../", WORKER); // What the worker imports, too.
  const granted = (descriptor: Deno.PermissionDescriptor) =>
    Deno.permissions.querySync(descriptor).state === "granted";
  return {
    // Deno ends a program that shares a port without the flag. A function that
    // comes with the same flag tells us before.
    unstableNet: "listenDatagram" in Deno,
    net: granted({ name: "net", host: formatAddress(address) }),
    // A worker is a program of its own: from a disk it has to be read.
    read: path.protocol !== "file:" || granted({ name: "read", path }),
  };
}

/** One line for who has forgotten a flag of Deno's; `undefined` if nobody has. */
export function explainMissing(
  { unstableNet, net, read }: Grants,
  command: string,
): string | undefined {
  const missing = [
    ...(unstableNet ? [] : ["--unstable-net (workers share a port)"]),
    ...(net ? [] : ["-N (it uses the network)"]),
    ...(read ? [] : ["-R (workers read their own program)"]),
  ];
  return missing.length === 0
    ? undefined
    : `Deno was started without ${missing.join(" and ")}. ` +
      `Start it with: ${command}`;
}

/** Starts a worker. Returns its address as soon as it accepts connections. */
async function startWorker(order: Order): Promise<Deno.NetAddr> {
  const worker = new Worker(WORKER, { type: "module" });
  const answer = await new Promise<Answer>((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(order);
  });
  if ("address" in answer) return answer.address;

  const { name, message } = answer.error;
  const classes: Record<string, new (message: string) => Error> = {
    ...Deno.errors,
    URIError,
  };
  const ErrorClass = classes[name] ?? Error;
  throw new ErrorClass(message);
}

/** Only Linux shares a port among listeners: elsewhere one worker is all. */
export function possibleWorkers(
  wanted: number,
  os: typeof Deno.build.os = Deno.build.os,
): number {
  return os === "linux" ? wanted : 1;
}

/** Starts `count` workers on one port. Returns the address when all accept. */
export async function startWorkers(
  count: number,
  { hostname, port }: { hostname: string; port: number },
): Promise<Deno.NetAddr> {
  // If it may be any port, the first worker finds one for all. We do not listen
  // ourselves: the system would give us connections too, and we accept none.
  const address = await startWorker({ hostname, port, name: "worker 1" });
  await Promise.all(
    Array.from({ length: count - 1 }, (_, index) =>
      startWorker({
        hostname,
        port: address.port,
        name: `worker ${index + 2}`,
      })),
  );
  return address;
}

if (import.meta.main) {
  const { host: hostname, port, workers } = flagsOrExit({
    command: "deno task workers-server",
    about:
      "Sends back every byte, to many clients, with a worker on each core.",
    flags: {
      host: hostFlag("address to listen on"),
      port: listenPortFlag(5008),
      workers: wholeNumberFlag("how many workers", {
        default: navigator.hardwareConcurrency,
        min: 1,
        max: 256,
      }),
    },
  });
  const address = { hostname, port };

  await runProgram(async () => {
    const command = WORKER.protocol === "file:"
      ? "deno task workers-server"
      : `deno run -N --unstable-net ${import.meta.url}`;
    const line = explainMissing(currentGrants(address), command);
    if (line !== undefined) {
      console.error(line);
      Deno.exit(1);
    }

    const count = possibleWorkers(workers);
    const bound = await startWorkers(count, address);
    console.log(
      `Listening on ${formatAddress(bound)}, workers: ${count}` +
        (count < workers ? " (only Linux shares a port)" : ""),
    );
    await new Promise(() => {}); // The workers do the work.
  }, { address, farewell: "Server stopped" });
}

Deno.test("says which flags of Deno's are missing, and the command", () => {
  const all = { unstableNet: true, net: true, read: true };
  assertEquals(explainMissing(all, "deno task workers-server"), undefined);
  assertEquals(
    explainMissing(
      { ...all, unstableNet: false, read: false },
      "deno task workers-server",
    ),
    "Deno was started without --unstable-net (workers share a port) and " +
      "-R (workers read their own program). " +
      "Start it with: deno task workers-server",
  );
});

Deno.test("starts one worker where the system does not share a port", () => {
  assertEquals(possibleWorkers(4, "linux"), 4);
  assertEquals(possibleWorkers(4, "darwin"), 1);
  assertEquals(possibleWorkers(4, "windows"), 1);
});
