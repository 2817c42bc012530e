/**
 * Ending a program that uses too much memory.
 *
 * @module
 */

/** How often a program is looked at, in milliseconds. */
const LOOK_EVERY = 50;

/** What a program says that cannot have any more. */
const NO_MORE =
  /out of memory|Array buffer allocation failed|memory allocation of/i;

/** Whether a line of a program's says that it has got no more memory. */
export function saysNoMemory(line: string): boolean {
  return NO_MORE.test(line);
}

/** `512 MiB` */
export function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

/**
 * Looks at a process again and again. Let go of it, and it looks no more. On
 * Linux; elsewhere it sees nothing.
 */
export class MemoryWatch implements Disposable {
  readonly #timer?: ReturnType<typeof setInterval>;
  /** Whether the process had more in use than its limit. */
  exceeded = false;

  /**
   * Begins to look.
   *
   * @param pid The process.
   * @param limit How many bytes it may have in use.
   * @param over Is called once, when it has more.
   */
  constructor(pid: number, limit: number, over: () => void) {
    if (Deno.build.os !== "linux") return;
    this.#timer = setInterval(() => {
      if (residentMemory(pid) <= limit) return;
      this.exceeded = true;
      this[Symbol.dispose]();
      over();
    }, LOOK_EVERY);
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** How many bytes a process has in memory; 0 when it has ended. */
function residentMemory(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(status.match(/^VmRSS:\s+(\d+)/m)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
