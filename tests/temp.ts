/**
 * Folders of a test's own.
 *
 * @module
 */

/** A folder that is removed when the test lets go of it. */
export async function makeTemp(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
