/**
 * What there is to see in each lesson: its server, and the script of a client.
 *
 * @module
 */
import type { Framing } from "../framing.ts";
import type { DemoClient } from "./client.ts";
import { atOnce, echo, inTurn, request, timestamps } from "./echoes.ts";
import { frames, helpdesk, lines } from "./messages.ts";
import { broadcast, chat, sandbox } from "./rooms.ts";

/** Makes one more connection. */
export type Connect = () => Promise<DemoClient>;

/** What there is to see in one lesson. */
export interface LessonDemo {
  /** The name of the lesson's folder. */
  lesson: string;
  /** The server's script, in that folder. */
  server: string;
  /** How its bytes are divided into messages. */
  framing: Framing;
  /** What a client says and does, or several. It throws if a reply fails. */
  script: (connect: Connect) => Promise<void>;
  /**
   * What Deno allows the server, as flags.
   *
   * @default {["-N=127.0.0.1"]}
   */
  permissions?: string[];
  /**
   * The server's own flags, besides the port.
   *
   * @default {[]}
   */
  flags?: string[];
  /**
   * Whether the server ends when its first client has gone.
   *
   * @default {false}
   */
  servesOne?: boolean;
}

const DEMOS: readonly LessonDemo[] = [
  {
    lesson: "01_echo",
    server: "echo_server.ts",
    framing: "none",
    script: echo,
    servesOne: true,
  },
  {
    lesson: "02_request_reply",
    server: "ack_server.ts",
    framing: "none",
    script: request,
    servesOne: true,
  },
  {
    lesson: "03_stream",
    server: "lines_server.ts",
    framing: "lines",
    script: lines,
  },
  {
    lesson: "04_frames",
    server: "frames_server.ts",
    framing: "frames",
    script: frames,
  },
  {
    lesson: "05_iterative",
    server: "iterative_server.ts",
    framing: "none",
    script: inTurn,
  },
  {
    lesson: "06_concurrent",
    server: "concurrent_server.ts",
    framing: "none",
    script: atOnce,
  },
  {
    lesson: "07_event_loop",
    server: "timestamp_server.ts",
    framing: "none",
    script: timestamps,
  },
  {
    lesson: "08_helpdesk",
    server: "helpdesk_server.ts",
    framing: "lines",
    script: helpdesk,
  },
  {
    lesson: "09_chat",
    server: "chat_server.ts",
    framing: "lines",
    script: chat,
  },
  {
    lesson: "10_broadcast",
    server: "broadcast_server.ts",
    framing: "lines",
    script: broadcast,
  },
  {
    lesson: "11_sandbox",
    server: "sandbox_server.ts",
    framing: "lines",
    script: sandbox,
    permissions: ["-N=127.0.0.1", "--allow-sys=networkInterfaces"],
    flags: ["--framing", "lines"],
  },
];

/** The lessons that have a demo, in their order. */
export function demoNames(): string[] {
  return DEMOS.map(({ lesson }) => lesson);
}

/**
 * The demo of a lesson.
 *
 * @param lesson Its folder's name, `03_stream`.
 * @throws {RangeError} If there is none.
 */
export function demoOf(lesson: string): LessonDemo {
  const demo = DEMOS.find((demo) => demo.lesson === lesson);
  if (demo !== undefined) return demo;
  throw new RangeError(`No demo of "${lesson}"`);
}
