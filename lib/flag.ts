/**
 * Kinds of flags: an address, a port, a number, a switch.
 *
 * @module
 */

import { parseAddress } from "./address.ts";
import { printable } from "./console.ts";

/** One flag, and what its value means. */
export interface Flag<T> {
  /** What the flag is without being given. */
  readonly default: T;
  /** What stands for its value in the help, `PORT` say; "" for a switch. */
  readonly placeholder: string;
  /** One line for the help. */
  readonly help: string;
  /** What a value must be: "a whole number from 1 to 65535". */
  readonly expected: string;
  /** The value's meaning, or `undefined` if it has none. */
  parse(value: string): T | undefined;
}

/**
 * A flag for an address to listen on or to connect to.
 *
 * @param help One line for the help.
 * @param initial The address when the flag is not given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hostFlag } from "./flag.ts";
 *
 * const flag = hostFlag("address to listen on");
 * assertEquals(flag.default, "127.0.0.1");
 * assertEquals(flag.parse("::1"), "::1");
 * assertEquals(flag.parse("two words"), undefined);
 * ```
 */
export function hostFlag(help: string, initial = "127.0.0.1"): Flag<string> {
  return {
    default: initial,
    placeholder: "HOST",
    help,
    expected: "an address or a name",
    parse: (value) => /^[^\s/]+$/.test(value) ? value : undefined,
  };
}

/** Options of {@linkcode textFlag}. */
export interface TextFlagOptions {
  /** What stands for the value in the help. */
  placeholder: string;
  /** What a value must be: "a name". */
  expected: string;
  /**
   * Whether it takes a value.
   *
   * @default {any but blanks alone, and nothing that a terminal would obey}
   */
  accepts?: (value: string) => boolean;
}

/**
 * A flag for a text. Not given, it is `""`, which it does not take.
 *
 * @param help One line for the help.
 * @param options What is a value, in words and as a function.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { textFlag } from "./flag.ts";
 *
 * const flag = textFlag("your nickname", {
 *   placeholder: "NAME",
 *   expected: "a name",
 * });
 * assertEquals(flag.default, "");
 * assertEquals(flag.parse("Ann"), "Ann");
 * assertEquals(flag.parse(" "), undefined);
 * assertEquals(flag.parse("\x1b[2J"), undefined);
 * ```
 */
export function textFlag(
  help: string,
  { placeholder, expected, accepts = isShown }: TextFlagOptions,
): Flag<string> {
  return {
    default: "",
    placeholder,
    help,
    expected,
    parse: (value) => accepts(value) ? value : undefined,
  };
}

function isShown(value: string): boolean {
  return value.trim() !== "" && printable(value) === value;
}

/** Options of {@linkcode wholeNumberFlag}. */
export interface WholeNumberFlagOptions {
  /** The number when the flag is not given. */
  default: number;
  /** The smallest number that it takes. */
  min: number;
  /** The largest number that it takes. */
  max: number;
  /**
   * What stands for the value in the help.
   *
   * @default {"N"}
   */
  placeholder?: string;
}

/**
 * A flag for a whole number between two bounds.
 *
 * @param help One line for the help.
 * @param options The bounds, and what it is when it is not given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wholeNumberFlag } from "./flag.ts";
 *
 * const flag = wholeNumberFlag("clients to start", {
 *   default: 2,
 *   min: 1,
 *   max: 100,
 * });
 * assertEquals(flag.parse("100"), 100);
 * assertEquals(flag.parse("1e2"), undefined);
 * ```
 */
export function wholeNumberFlag(
  help: string,
  options: WholeNumberFlagOptions,
): Flag<number> {
  const { min, max, placeholder = "N" } = options;
  return {
    default: options.default,
    placeholder,
    help,
    expected: `a whole number from ${min} to ${max}`,
    parse(value) {
      const number = /^\d+$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/**
 * A flag for the port that a server listens on; 0 picks a free one.
 *
 * @param initial The port when the flag is not given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listenPortFlag } from "./flag.ts";
 *
 * assertEquals(listenPortFlag(65432).parse("0"), 0);
 * ```
 */
export function listenPortFlag(initial: number): Flag<number> {
  return wholeNumberFlag("port to listen on, 0 picks a free one", {
    default: initial,
    min: 0,
    max: 65_535,
    placeholder: "PORT",
  });
}

/**
 * A flag for the port that a client connects to.
 *
 * @param initial The port when the flag is not given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { connectPortFlag } from "./flag.ts";
 *
 * assertEquals(connectPortFlag(65432).parse("0"), undefined);
 * ```
 */
export function connectPortFlag(initial: number): Flag<number> {
  return wholeNumberFlag("port of the server", {
    default: initial,
    min: 1,
    max: 65_535,
    placeholder: "PORT",
  });
}

/**
 * A flag for a length of time.
 *
 * @param help One line for the help.
 * @param initial The time in seconds when the flag is not given.
 * @returns A flag whose value is in seconds, from 0.01 to 86 400 (a day).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { secondsFlag } from "./flag.ts";
 *
 * const flag = secondsFlag("how long to wait for an answer", 5);
 * assertEquals(flag.parse("0.5"), 0.5);
 * assertEquals(flag.parse("soon"), undefined);
 * ```
 */
export function secondsFlag(help: string, initial: number): Flag<number> {
  return {
    default: initial,
    placeholder: "SECONDS",
    help,
    expected: "a number of seconds from 0.01 to 86400",
    parse(value) {
      const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
      return seconds >= 0.01 && seconds <= 86_400 ? seconds : undefined;
    },
  };
}

/**
 * A flag that takes no value: it is given, or it is not.
 *
 * @param help One line for the help.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { switchFlag } from "./flag.ts";
 * import { parseFlags } from "./flags.ts";
 *
 * const usage = {
 *   command: "deno task ack-server",
 *   about: "Acknowledges what it gets.",
 *   flags: { forever: switchFlag("stay for the next client") },
 * };
 * assertEquals(parseFlags([], usage)?.forever, false);
 * assertEquals(parseFlags(["--forever"], usage)?.forever, true);
 * ```
 */
export function switchFlag(help: string): Flag<boolean> {
  return {
    default: false,
    placeholder: "",
    help,
    expected: "no value",
    parse: (value) => value === "true",
  };
}

/**
 * A flag for the address of a program, such as `--to 127.0.0.1:5000`.
 *
 * @param help What the address is for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addressFlag } from "./flag.ts";
 *
 * const flag = addressFlag("the server");
 * assertEquals(flag.default, null);
 * assertEquals(flag.parse("localhost:5000"), {
 *   hostname: "localhost",
 *   port: 5000,
 * });
 * assertEquals(flag.parse("localhost"), undefined);
 * ```
 */
export function addressFlag(
  help: string,
): Flag<{ hostname: string; port: number } | null> {
  return {
    default: null,
    placeholder: "HOST:PORT",
    help,
    expected: "an address such as 127.0.0.1:5000",
    parse: parseAddress,
  };
}
