/**
 * The servers of lesson 06 next to the echo on `node:net` under Node, each in a
 * process of its own, under the same load from a process of its own: throughput,
 * processor time and memory. Takes about 25 seconds.
 *
 * Run: deno run -A tests/06_concurrent/load_bench.ts
 *
 * @module
 */
import { writeAll } from "../../lib/bytes.ts";
import { within } from "../deadline.ts";
import { has, Program, ROOT, startScript } from "../program.ts";
import { findLimit, memoryInUse, processorTime } from "../usage.ts";
import type { Load } from "./load_generator.ts";

const CONNECTIONS = 50;
const IDLE_CONNECTIONS = 2000;
const ROUNDS = 3;
const ROUND_MS = 1500;
const LESSON = "lessons/06_concurrent";

/** What was measured of one server; `null` where the system does not tell. */
interface Row {
  server: string;
  /** The best round's. */
  messagesPerSecond: number;
  /** The server's processor time, in microseconds; the best round's. */
  cpuPerMessage: number | null;
  /** What kept the best round from being faster. */
  limit: string;
  idleBytes: number | null;
}

interface Candidate extends Row {
  program: Program;
  port: number;
}

/** Opens connections, has each of them echo one byte, and lets them be. */
async function measureIdle({ program, port }: Candidate) {
  const before = memoryInUse(program.pid);
  const conns: Deno.TcpConn[] = [];
  try {
    for (let count = 0; count < IDLE_CONNECTIONS; count++) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      conns.push(conn);
      await writeAll(conn, new Uint8Array(1));
      await within("an echo", conn.read(new Uint8Array(1)));
    }
    const after = memoryInUse(program.pid);
    return before === null || after === null
      ? null
      : (after - before) / IDLE_CONNECTIONS;
  } finally {
    for (const conn of conns) conn.close();
  }
}

/** One round of load, which counts if it is the best so far. */
async function measureLoad(candidate: Candidate): Promise<void> {
  const { program: { pid }, port } = candidate;
  const before = processorTime(pid);
  await using generator = startScript(
    "tests/06_concurrent/load_generator.ts",
    [port, CONNECTIONS, ROUND_MS].map(String),
  );
  const { stdout, stderr } = await generator.ending();
  if (stderr !== "") throw new Error(stderr);
  const after = processorTime(pid);

  const { messages, seconds, cpu }: Load = JSON.parse(stdout);
  if (before !== null && after !== null) {
    const perMessage = (after - before) / messages;
    candidate.cpuPerMessage = Math.min(
      candidate.cpuPerMessage ?? Infinity,
      perMessage,
    );
  }
  if (messages / seconds <= candidate.messagesPerSecond) return;
  candidate.messagesPerSecond = messages / seconds;
  const serverCpu = before === null || after === null
    ? null
    : (after - before) / 1e6 / seconds;
  candidate.limit = findLimit(cpu, serverCpu);
}

async function start(server: string, program: Program): Promise<Candidate> {
  return {
    server,
    program,
    port: await program.port(),
    messagesPerSecond: 0,
    cpuPerMessage: null,
    limit: "",
    idleBytes: null,
  };
}

/** Measures all servers, in turn and several times, and returns what it saw. */
async function measure(): Promise<Row[]> {
  await using programs = new AsyncDisposableStack();
  const candidates: Candidate[] = [];
  if (await has("node")) {
    const args = ["tests/06_concurrent/node_echo.mjs"];
    const node = programs.use(new Program("node", args, { cwd: ROOT }));
    candidates.push(await start("node:net under Node", node));
  }
  for (
    const [name, script, flags] of [
      ["concurrent-server", "concurrent_server.ts", ["-N"]],
      ["workers-server", "workers_server.ts", ["-N", "-R", "--unstable-net"]],
    ] as const
  ) {
    const program = programs.use(
      startScript(`${LESSON}/${script}`, ["--port", "0"], [...flags]),
    );
    candidates.push(await start(name, program));
  }

  for (const candidate of candidates) {
    candidate.idleBytes = await measureIdle(candidate);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const candidate of candidates) await measureLoad(candidate);
  }
  return candidates;
}

function printTable(rows: Row[]): void {
  console.log(
    `${CONNECTIONS} connections, 64 bytes back and forth, best of ${ROUNDS} ` +
      `rounds; ${navigator.hardwareConcurrency} cores`,
  );
  for (const { server, messagesPerSecond, cpuPerMessage, limit } of rows) {
    const cpu = cpuPerMessage === null
      ? "processor time not measured"
      : `${cpuPerMessage.toFixed(2)} us of processor time a message`;
    console.log(
      `${server.padEnd(20)} ${
        messagesPerSecond.toFixed(0).padStart(7)
      } messages/s, ${cpu}, limit: ${limit}`,
    );
  }
  console.log(`${IDLE_CONNECTIONS} idle connections`);
  for (const { server, idleBytes } of rows) {
    const memory = idleBytes === null
      ? "memory not measured"
      : `${(idleBytes / 1024).toFixed(1)} KiB a connection`;
    console.log(`${server.padEnd(20)} ${memory}`);
  }
}

printTable(await measure());
