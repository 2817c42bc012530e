/**
 * What goes wrong with connections, told to the person who can put it right.
 *
 * @module
 */
import { formatAddress } from "./address.ts";
import { LineTooLongError } from "./lines.ts";

/**
 * Whether `error` says that the peer ended the connection without a word: it
 * reset it, or was gone when something was written to it, or even before it
 * was accepted, or cannot be reached any more (`ETIMEDOUT`, see tcp(7)). For a
 * server this is normal life.
 *
 * @param error What a `read`, a `write` or an `accept` threw.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isDisconnect } from "./failures.ts";
 *
 * assertEquals(isDisconnect(new Deno.errors.ConnectionReset()), true);
 * assertEquals(isDisconnect(new Deno.errors.TimedOut()), true);
 * assertEquals(isDisconnect(new Deno.errors.AddrInUse()), false);
 * ```
 */
export function isDisconnect(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.TimedOut;
}

/** What a failure is about. */
export interface FailureContext {
  /** The address listened on, or connected to. */
  address: { hostname: string; port: number };
  /** The command that starts the server, for a client that finds none. */
  server?: string | undefined;
}

/**
 * Says in one line what went wrong and what to do next.
 *
 * @param error What was thrown.
 * @param context What it is about.
 * @returns The line; or `undefined` for what no person can put right: a bug.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { explainFailure } from "./failures.ts";
 *
 * const line = explainFailure(new Deno.errors.ConnectionRefused(), {
 *   address: { hostname: "127.0.0.1", port: 65432 },
 *   server: "deno task echo-server",
 * });
 * assertEquals(
 *   line,
 *   "Nobody listens on 127.0.0.1:65432. " +
 *     "Start the server first, in a second terminal: deno task echo-server",
 * );
 * ```
 */
export function explainFailure(
  error: unknown,
  context: FailureContext,
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { server, address: { hostname, port } } = context;
  const address = formatAddress(context.address);
  const { errors } = Deno;
  if (error instanceof errors.AddrInUse) {
    return `Port ${port} is in use by another program. ` +
      `See which with ${whoListens(port)}, or take another port: --port 0`;
  }
  if (error instanceof errors.AddrNotAvailable) {
    return `${hostname} is not an address of this machine. ` +
      "Take --host 127.0.0.1 (this machine alone) or --host 0.0.0.0 (everybody)";
  }
  if (error instanceof errors.ConnectionRefused) {
    return `Nobody listens on ${address}. Start the server first` +
      (server ? `, in a second terminal: ${server}` : "");
  }
  if (
    error instanceof errors.NetworkUnreachable ||
    /host is unreachable|no route to host/i.test(error.message)
  ) {
    return `No way leads from this machine to ${hostname}. ` +
      "Check --host, and that both machines are in the same network";
  }
  if (error instanceof errors.TimedOut) {
    return `${address} does not answer. ` +
      "Check --host and --port, and whether a firewall stands between";
  }
  if (error instanceof errors.NotCapable) return explainNotCapable(error);
  if (error instanceof errors.PermissionDenied) {
    return `The system does not let you use ${address}` +
      (port < 1024 ? " (ports below 1024 are for administrators)" : "") +
      ". Take another port: --port 0";
  }
  if (error instanceof LineTooLongError) {
    return `${error.message}. Send it in parts`;
  }
  if (error instanceof URIError) {
    return `"${hostname}" is neither an address nor a name. Check --host`;
  }
  // Deno has no class of its own for a name that does not resolve.
  if (/lookup address/.test(error.message)) {
    return `There is no host named ${hostname}. Check the spelling of --host`;
  }
  return undefined;
}

/** The command that tells which program listens on `port`. */
function whoListens(port: number): string {
  switch (Deno.build.os) {
    case "windows":
      return `"netstat -ano | findstr :${port}"`;
    case "linux":
      return `"ss -ltnp sport = :${port}"`;
    default:
      return `"lsof -nP -iTCP:${port} -sTCP:LISTEN"`;
  }
}

/** A permission of Deno's is missing: the command that grants it. */
function explainNotCapable(error: Error): string | undefined {
  const asked = error.message.match(
    /^Requires (\w+) access(?: to "(.*)")?.*(--allow-\w+)/s,
  );
  if (asked === null) return undefined;
  const [, kind, what = "", flag] = asked;
  // The host alone: every port of it.
  const scope = kind === "net" ? what.replace(/:\d+$/, "") : what;
  const grant = `${flag}${scope === "" ? "" : `=${scope}`}`;
  const command = ["deno", "run", grant, mainScript(), ...Deno.args];
  return `Deno was not given ${kind} access${what && ` to ${what}`}. ` +
    `Start it with: ${command.map(quote).join(" ")}`;
}

/** The script that was started, as a person would write it. */
function mainScript(): string {
  if (!Deno.mainModule.startsWith("file:")) return Deno.mainModule;
  const path = decodeURIComponent(new URL(Deno.mainModule).pathname);
  const here = `${Deno.cwd()}/`;
  if (path.startsWith(here)) return path.slice(here.length);
  return Deno.build.os === "windows" ? path.slice(1) : path;
}

function quote(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word) ? word : JSON.stringify(word);
}
