/**
 * Traces in files.
 *
 * @module
 */
import { systemReason } from "../../tests/grader/system.ts";
import type { Recording } from "./recording.ts";
import { type Trace } from "./trace.ts";
import { formatEvent, formatHead, parseTrace } from "./trace_file.ts";

/**
 * Writes a trace to a file as it happens: whenever the program ends, the file
 * has all that came before.
 *
 * @param path The file. What was in it is replaced.
 * @param onError Is told why it cannot be written any more, once.
 * @throws {Deno.errors.NotFound} If its folder is not there, and the like.
 */
export function saveTo(
  path: string,
  recording: Recording,
  onError: (why: string) => void,
): void {
  Deno.writeTextFileSync(path, `${formatHead(recording.head)}\n`);
  const saving = recording.listen((event) => {
    try {
      const line = `${formatEvent(event)}\n`;
      Deno.writeTextFileSync(path, line, { append: true });
    } catch (error) {
      saving[Symbol.dispose]();
      onError(systemReason(error));
    }
  });
}

/**
 * Reads the trace in a file.
 *
 * @throws {TraceError} If it is none.
 * @throws {Deno.errors.NotFound} If there is no such file, and the like.
 */
export async function loadFrom(path: string): Promise<Trace> {
  return parseTrace(await Deno.readTextFile(path));
}
