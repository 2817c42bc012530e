/**
 * Both servers of lesson 10 next to a `selectors` server in Python and plain
 * `node:net` under Node, each in a process of its own, under the same load from
 * a process of its own. Takes about two minutes.
 *
 * Run: deno run -A tests/10_broadcast/load_bench.ts
 *
 * @module
 */
import { has, Program, ROOT, startScript } from "../program.ts";
import { findLimit, memoryInUse, peakMemory, processorTime } from "../usage.ts";
import type { Load } from "./load_generator.ts";

const ROOMS = [10, 100, 500];
const IDLE_MEMBERS = 5000;
const ROUNDS = 3;
const ROUND_MS = 1000;
const LESSON = "lessons/10_broadcast";
const TESTS = "tests/10_broadcast";

/** A server to compare. */
interface Candidate {
  name: string;
  start(): Program;
}

/** What was measured of one server; `null` where the system does not tell. */
interface Row {
  name: string;
  /** The best round's. */
  deliveriesPerSecond: number;
  /** The server's processor time, in microseconds; the best round's. */
  cpuPerDelivery: number | null;
  /** What kept the best round from being faster. */
  limit: string;
  peakBytes: number | null;
}

async function candidates(): Promise<Candidate[]> {
  const list: Candidate[] = [];
  if (await has("node")) {
    list.push({
      name: "node:net under Node",
      start: () =>
        new Program("node", [`${TESTS}/node_broadcast.mjs`], { cwd: ROOT }),
    });
  }
  if (await has("python3")) {
    list.push({
      name: "selectors in Python",
      start: () =>
        new Program("python3", [`${TESTS}/selectors_broadcast.py`], {
          cwd: ROOT,
        }),
    });
  }
  for (
    const [name, script] of [
      ["direct-broadcast-server", "direct_broadcast_server.ts"],
      ["broadcast-server", "broadcast_server.ts"],
    ] as const
  ) {
    list.push({
      name,
      start: () => startScript(`${LESSON}/${script}`, ["--port", "0"], ["-N"]),
    });
  }
  return list;
}

function startGenerator(port: number, clients: number, milliseconds: number) {
  const args = [port, clients, milliseconds].map(String);
  return startScript(`${TESTS}/load_generator.ts`, args, ["-N"]);
}

/** One round of load, which counts if it is the best so far. */
async function measure(server: Program, row: Row, room: number): Promise<void> {
  await using generator = startGenerator(await server.port(), room, ROUND_MS);
  const before = processorTime(server.pid);
  const { stdout, stderr } = await generator.ending();
  const after = processorTime(server.pid);
  if (stderr !== "") throw new Error(`${row.name}: ${stderr}`);

  const { deliveries, seconds, cpu }: Load = JSON.parse(stdout);
  row.peakBytes = peakMemory(server.pid);
  if (deliveries / seconds <= row.deliveriesPerSecond) return;
  row.deliveriesPerSecond = deliveries / seconds;
  if (before === null || after === null) {
    row.limit = findLimit(cpu, null);
  } else {
    // With what the server did while the clients joined, a small part.
    row.cpuPerDelivery = (after - before) / deliveries;
    row.limit = findLimit(cpu, (after - before) / 1e6 / seconds);
  }
}

/** All servers with so many clients, in turn and several times. */
async function measureRoom(list: Candidate[], room: number): Promise<Row[]> {
  await using programs = new AsyncDisposableStack();
  const servers = list.map(({ start }) => programs.use(start()));
  const rows = list.map(({ name }): Row => ({
    name,
    deliveriesPerSecond: 0,
    cpuPerDelivery: null,
    limit: "",
    peakBytes: null,
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, row] of rows.entries()) {
      await measure(servers[index] as Program, row, room);
    }
  }
  return rows;
}

/** Memory of a server for each member that has joined and is silent. */
async function measureIdle({ name, start }: Candidate): Promise<string> {
  await using server = start();
  const port = await server.port();
  const before = memoryInUse(server.pid);
  await using generator = startGenerator(port, IDLE_MEMBERS, 0);
  await generator.stdout.match(/All have joined/);
  const after = memoryInUse(server.pid);
  await generator.endInput();
  await generator.ending();
  const each = before === null || after === null
    ? "memory not measured"
    : `${((after - before) / IDLE_MEMBERS / 1024).toFixed(1)} KiB a member`;
  return `${IDLE_MEMBERS} members that are silent: ${name}, ${each}`;
}

function printRoom(room: number, rows: Row[]): void {
  console.log(
    `${room} clients, 10 talk in bursts of 50 lines, best of ${ROUNDS} ` +
      `rounds; ${navigator.hardwareConcurrency} cores`,
  );
  const ours = rows.at(-1)?.deliveriesPerSecond ?? 0;
  for (
    const { name, deliveriesPerSecond, cpuPerDelivery, limit, peakBytes }
      of rows
  ) {
    const million = (deliveriesPerSecond / 1e6).toFixed(2).padStart(6);
    const times = (ours / deliveriesPerSecond).toFixed(1).padStart(5);
    const cpu = cpuPerDelivery === null ? "-" : cpuPerDelivery.toFixed(3);
    const peak = peakBytes === null ? "-" : (peakBytes / 2 ** 20).toFixed(0);
    console.log(
      `${name.padEnd(23)} ${million} million deliveries/s (ours x${times}), ` +
        `${cpu.padStart(7)} us of processor time each, ` +
        `peak ${peak.padStart(4)} MiB, limit: ${limit}`,
    );
  }
}

const list = await candidates();
for (const room of ROOMS) printRoom(room, await measureRoom(list, room));
// Ours alone: to tell 5000 members that 5000 join takes the others minutes.
for (const candidate of list.slice(-1)) {
  console.log(await measureIdle(candidate));
}
