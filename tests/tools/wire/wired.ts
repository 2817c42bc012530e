/**
 * Another program, with the wire in front of it if it is a server, or behind it
 * if it is a client. Nobody should notice.
 *
 * Run: deno run -A tests/tools/wire/wired.ts PROGRAM [--port PORT] [ARGUMENT...]
 *
 * @module
 */
import { LineSplitter } from "../../../lib/lines.ts";
import { TcpProxy } from "../../../tools/wire/proxy.ts";
import { Recording } from "../../../tools/wire/recording.ts";

const HOST = "127.0.0.1";

/** How long connections may go on when the program has ended, in milliseconds. */
const GRACE = 1000;

/** A proxy to whatever port is there when a client comes. */
async function proxyTo(port: () => number): Promise<[TcpProxy, number]> {
  const proxy = new TcpProxy({
    to: () => ({ hostname: HOST, port: port() }),
    recording: new Recording({ to: "the program", framing: "none" }),
    seed: 1,
  });
  const address = await proxy.listen({ hostname: HOST, port: 0 });
  return [proxy, address.port];
}

if (import.meta.main) {
  const [program = "", ...args] = Deno.args;
  const told = args.indexOf("--port");
  let to = told === -1 ? 0 : Number(args[told + 1]);
  const [proxy, port] = await proxyTo(() => to);
  // A client is told where to connect, and connects to the proxy.
  if (to !== 0) args[told + 1] = String(port);

  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, ...args],
    stdin: "inherit",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => child.kill(signal));
  }
  const splitter = new LineSplitter();
  for await (const chunk of child.stdout) {
    for (const line of splitter.push(chunk)) {
      const [, real] = line.match(/Listening on \S+:(\d+)/) ?? [];
      if (real !== undefined) to = Number(real);
      console.log(real === undefined ? line : line.replace(real, String(port)));
    }
  }
  const { code } = await child.status;
  const late = performance.now() + GRACE;
  while ((await proxy.open()).length > 0 && performance.now() < late) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  Deno.exit(code);
}
