/**
 * The frames client under test.
 *
 * @module
 */
import { readFrames } from "../../lib/frames.ts";
import { within } from "../deadline.ts";
import { type Program, startScript } from "../program.ts";

export const SCRIPT = "lessons/04_frames/frames_client.ts";
export const PICTURE = "lessons/04_frames/picture.png";
const PERMISSIONS = ["-N=127.0.0.1", "-R"];

export function startClientAt(
  port: number,
  words: string[],
  permissions = PERMISSIONS,
): Program {
  return startScript(
    SCRIPT,
    ["--port", String(port), ...words],
    permissions,
  );
}

/** Starts the client and accepts it. */
export async function startClient(...words: string[]) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = startClientAt(listener.addr.port, words);
  const conn = await within("the client", listener.accept());
  return {
    client,
    conn,
    frames: readFrames(conn),
    async [Symbol.asyncDispose]() {
      listener.close();
      conn.close();
      await client[Symbol.asyncDispose]();
    },
  };
}

/** A folder that is removed after the test. */
export async function makeFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
