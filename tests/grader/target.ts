/**
 * What a check has in hand: the program, connections to it, and a record.
 *
 * @module
 */
import { Socket } from "node:net";
import { Arrivals } from "./arrivals.ts";
import type { Candidate } from "./check.ts";
import { confinementOf } from "./confinement.ts";
import { Conversation } from "./conversation.ts";
import type { Experience } from "./experience.ts";
import { CheckFailure, Skip } from "./failure.ts";
import { commandOf } from "./launch.ts";
import { LATE, Patience } from "./patience.ts";
import { Peer } from "./peer.ts";
import { type Address, addressIn, formatted } from "./ports.ts";
import { RunningProgram } from "./program.ts";
import type { Random } from "./random.ts";
import {
  assertOwn,
  notConnected,
  notListening,
  refused,
} from "./unreachable.ts";
import type { WireContext } from "./wire.ts";

/** How long a program may take until it listens or connects, in milliseconds. */
const START_LIMIT = 6000;

/** How often to look whether it listens without a word, in milliseconds. */
const LOOK_EVERY = 1500;

/** Options of {@linkcode Target}. */
export interface TargetOptions {
  /** The program. */
  candidate: Candidate;
  /** What Deno allows the program, as flags. */
  permissions: string[];
  /** Where everything random comes from. */
  random: Random;
  /** Marks the processes of this check. */
  mark: string;
  /** What earlier checks have found out. */
  experience: Experience;
}

/** Where the grader listens, for a program that is a client. */
export interface Listener {
  /** The port that the program is told. */
  port: number;
  /**
   * Waits for the program to connect.
   *
   * @throws {CheckFailure} If it does not.
   */
  accept(): Promise<Peer>;
}

/**
 * What one check has in hand. Let go of it, and every connection and process of
 * the check is gone.
 */
export class Target implements AsyncDisposable {
  /** What is said, by whom and when. */
  readonly conversation: Conversation = new Conversation();
  /** How long to wait. */
  readonly patience: Patience;
  /** Words, sizes and bytes that no answer can know. */
  readonly random: Random;
  readonly #options: TargetOptions;
  readonly #stack = new AsyncDisposableStack();
  readonly #peers: Peer[] = [];
  #program: RunningProgram | null = null;
  #address: Address | null = null;
  #folder: string | null = null;

  /**
   * Makes what a check needs.
   *
   * @param options The program, and where random numbers come from.
   */
  constructor(options: TargetOptions) {
    this.#options = options;
    this.random = options.random;
    this.patience = new Patience(() => options.experience.failed);
  }

  /**
   * The path of a folder of the check's own; the program may use it where the
   * exercise's permissions name `{folder}`.
   */
  get folder(): string {
    if (this.#folder === null) {
      const path = Deno.makeTempDirSync({ prefix: "socket_course_" });
      this.#folder = path;
      this.#stack.defer(() => Deno.remove(path, { recursive: true }));
    }
    return this.#folder;
  }

  /**
   * The program that was started last.
   *
   * @throws {Skip} If it is a server that runs already.
   */
  get program(): RunningProgram {
    if (this.#program !== null) return this.#program;
    throw new Skip("it needs a program that the grader has started");
  }

  /**
   * Starts the program, a server, and waits until it listens. A server that
   * runs already is taken as it is.
   *
   * @param args Arguments of the check's own.
   * @throws {CheckFailure} If it ends, or does not listen.
   * @throws {Skip} If a server that runs already would need arguments.
   */
  async serve(args: string[] = []): Promise<void> {
    const { candidate, experience } = this.#options;
    if (candidate.kind === "address") {
      if (args.length === 0) return void (this.#address = candidate);
      const flags = args.filter((word) => word.startsWith("--"));
      throw new Skip(`it would have to be started with ${flags.join(" ")}`);
    }
    if (experience.silence !== null) throw experience.silence;
    const program = this.#start(args, null);
    const ready = program.address(addressIn);
    let address: Address | null | typeof LATE = LATE;
    for (let waited = 0; waited < START_LIMIT; waited += LOOK_EVERY) {
      address = await this.patience.wait(ready, LOOK_EVERY);
      if (address !== LATE || program.listensOn.length > 0) break;
    }
    if (address === LATE) {
      throw experience.silence = await notListening(program);
    }
    if (address === null) throw await notListening(program);
    if (confinementOf(candidate) !== undefined) assertOwn(program, address);
    this.patience.started(program.age);
    this.#address = address;
  }

  /**
   * Connects to the server.
   *
   * @throws {CheckFailure} If nobody answers.
   */
  async connect(): Promise<Peer> {
    const address = this.#address;
    if (address === null) throw new Error("The check has started no server");
    const name = `client ${this.#peers.length + 1}`;
    const socket = new Socket({ allowHalfOpen: true });
    const connected = new Promise<boolean>((resolve) => {
      socket.once("error", () => resolve(false));
      socket.connect(address.port, address.hostname, () => resolve(true));
    });
    if (await this.patience.wait(connected) === true) {
      this.conversation.note(name, "connects");
      return this.#peer(name, socket);
    }
    socket.destroy();
    await this.#program?.settle(); // It may be about to end.
    if (this.#program !== null) throw refused(this.#program, name, address);
    throw new CheckFailure(
      `${name} cannot connect to ${formatted(address)}: nobody answers`,
      { cause: "The server has to run while it is graded" },
    );
  }

  /** Listens, for a program that is a client. */
  async listen(): Promise<Listener> {
    let count = 0;
    const arrivals = new Arrivals((socket) => {
      const name = ++count === 1 ? "server" : `server (${count})`;
      this.conversation.note(name, "accepts a connection");
      return this.#peer(name, socket);
    });
    this.#stack.use(arrivals);
    const port = await arrivals.listening();
    const accept = async () => {
      const { program } = this;
      const peer = await this.patience.wait(
        arrivals.next(program.ended),
        START_LIMIT,
      );
      if (peer === LATE || peer === undefined) {
        const failure = await notConnected(program, port);
        if (peer === LATE) this.#options.experience.silence = failure;
        throw failure;
      }
      this.patience.started(program.age);
      return peer;
    };
    return { port, accept };
  }

  /**
   * Starts the program, a client, and has it connect to `listener`.
   *
   * @param listener Whose port it is told.
   * @param args Arguments of the check's own.
   * @throws {CheckFailure} If it is known not to connect.
   */
  run(listener: Listener, args: string[] = []): RunningProgram {
    const { silence } = this.#options.experience;
    if (silence !== null) throw silence;
    return this.#start(args, listener.port);
  }

  #start(args: string[], port: number | null): RunningProgram {
    const { candidate, permissions, mark } = this.#options;
    const allowed = permissions.map((flag) =>
      flag.includes("{folder}") ? flag.replace("{folder}", this.folder) : flag
    );
    const program = new RunningProgram(
      commandOf(candidate, { permissions: allowed, args, port }),
      {
        conversation: this.conversation,
        patience: this.patience,
        mark,
        memory: confinementOf(candidate)?.memory,
      },
    );
    this.#stack.use(program);
    return this.#program = program;
  }

  #peer(name: string, socket: Socket): Peer {
    const program = this.#program;
    const context: WireContext = {
      conversation: this.conversation,
      patience: this.patience,
      settle: async () => await program?.settle(),
      end: () =>
        program?.end === undefined
          ? undefined
          : { message: program.end, shown: program.lastWords },
    };
    const peer = new Peer(name, socket, context);
    this.#peers.push(peer);
    return peer;
  }

  /** Ends every connection and process of the check. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.conversation.end();
    // One that goes on is found by the next check as if nobody had been there.
    if (this.#options.candidate.kind === "address") {
      for (const peer of this.#peers) await peer.leave();
    }
    // With a reset: a port whose connections are closed in order stays taken
    // for a minute (TIME_WAIT), and the next check may need it.
    await Promise.all(this.#peers.map((peer) => peer.drop()));
    await this.#stack.disposeAsync();
  }
}
