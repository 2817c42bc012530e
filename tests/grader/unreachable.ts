/**
 * Why a program and the grader do not come together.
 *
 * @module
 */
import type { CheckFailure } from "./failure.ts";
import { type Address, formatted } from "./ports.ts";
import type { RunningProgram } from "./program.ts";

/** A server has not said where it listens. */
export async function notListening(
  program: RunningProgram,
): Promise<CheckFailure> {
  if (program.status !== undefined) {
    await program.outputEnded();
    const inUse = /in use|EADDRINUSE|AddrInUse|WinError 10048/i
      .test(program.lastWords.join("\n"));
    return program.failure(
      `The program ended with ${program.status} before it listened`,
      [],
      inUse
        ? "Its port is taken: end the other program, or set SO_REUSEADDR"
        : "It has to listen, and say so, before anything else",
    );
  }
  const [place] = program.listensOn;
  if (place !== undefined) {
    return program.failure(
      `The program listens on ${place}, but has not said so`,
      [],
      `Print a line as soon as it listens: Listening on ${place}. ` +
        `Or grade it while it runs: --connect ${place}`,
    );
  }
  return program.failure(
    "The program runs, but does not listen",
    program.lastPrinted,
    "It has to listen, and print Listening on 127.0.0.1:PORT",
  );
}

/**
 * Somebody else's program has printed an address: it must not be the one of a
 * right answer that runs beside it.
 *
 * @throws {CheckFailure} If the system says that it does not listen there.
 */
export function assertOwn(program: RunningProgram, address: Address): void {
  if (Deno.build.os !== "linux") return; // It does not say.
  const where = formatted(address);
  const places = program.listensOn;
  if (places.includes(where)) return;
  throw listensElsewhere(program, where, places[0] ?? "no port");
}

function listensElsewhere(
  program: RunningProgram,
  where: string,
  other: string,
): CheckFailure {
  return program.failure(
    `The program says that it listens on ${where}, but it listens on ${other}`,
    [],
    "Print the port that the listener really has",
  );
}

/** Nobody answers at the address that a server has printed. */
export function refused(
  program: RunningProgram,
  client: string,
  address: Address,
): CheckFailure {
  const where = formatted(address);
  const [other] = program.listensOn.filter((place) => place !== where);
  if (program.end !== undefined) {
    return program.failure(`${client} cannot connect${program.because}`);
  }
  if (other === undefined) {
    return program.failure(
      `${client} cannot connect to ${where}: nobody listens`,
    );
  }
  return listensElsewhere(program, where, other);
}

/** A client does not connect to the grader, which listens on `port`. */
export async function notConnected(
  program: RunningProgram,
  port: number,
): Promise<CheckFailure> {
  if (program.end !== undefined) await program.outputEnded();
  return program.failure(
    `The program has not connected to 127.0.0.1:${port}${program.because}`,
    program.lastPrinted,
    `It is started with --port ${port}: that is the port to connect to`,
  );
}
