/**
 * The frames client under test.
 *
 * @module
 */
import { readFrames } from "../../lib/frames.ts";
import { acceptClient } from "../conversation.ts";
import { type Program, startScript } from "../program.ts";

export const SCRIPT = "lessons/04_frames/frames_client.ts";
export const PICTURE = "lessons/04_frames/picture.png";

/** Starts the client, which may read files, and connects to `port`. */
export function startClient(port: number, ...words: string[]): Program {
  const permissions = ["-N=127.0.0.1", "-R"];
  return startScript(SCRIPT, ["--port", String(port), ...words], permissions);
}

/** Starts the client and accepts it. */
export async function startSession(...words: string[]) {
  const session = await acceptClient((port) => startClient(port, ...words));
  return { ...session, frames: readFrames(session.conn) };
}

/** A folder that is removed after the test. */
export async function makeFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
