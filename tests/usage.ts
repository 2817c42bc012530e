/**
 * What a process uses, as Linux tells it: for benchmarks.
 *
 * @module
 */

/** Processor time of a process so far, in microseconds; `null` elsewhere. */
export function processorTime(pid: number): number | null {
  const stat = readProc(pid, "stat");
  if (stat === null) return null;
  // The name, in parentheses, may have blanks in it: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000; // Ticks of 10 ms.
}

/** Memory that a process has in use, in bytes; `null` elsewhere. */
export function memoryInUse(pid: number): number | null {
  return kilobytes(pid, "VmRSS");
}

/** The most memory that a process has had in use so far, in bytes. */
export function peakMemory(pid: number): number | null {
  return kilobytes(pid, "VmHWM");
}

function kilobytes(pid: number, field: string): number | null {
  const line = readProc(pid, "status")?.match(`${field}:\\s+(\\d+)`);
  return line ? Number(line[1]) * 1024 : null;
}

function readProc(pid: number, file: string): string | null {
  return Deno.build.os === "linux"
    ? Deno.readTextFileSync(`/proc/${pid}/${file}`)
    : null;
}

/** What had no core left, from the shares of a core that both sides used. */
export function findLimit(generator: number, server: number | null): string {
  const busy = [
    ...(generator > 0.9 ? ["generator"] : []),
    ...(server !== null && server > 0.9 ? ["server"] : []),
  ];
  const total = generator + (server ?? 0);
  if (total > 0.9 * navigator.hardwareConcurrency) busy.push("all cores");
  const shares = `generator ${generator.toFixed(2)}` +
    (server === null ? "" : `, server ${server.toFixed(2)}`);
  return `${busy.join(" + ") || "other programs"} (${shares})`;
}
