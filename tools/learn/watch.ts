/**
 * Noticing that a file was saved.
 *
 * @module
 */

/** So long after the last change a file counts as saved, in milliseconds. */
const QUIET = 60;

/**
 * Calls `onSave` whenever the file has been saved. Some editors write it in
 * several steps, and some put a new file in its place: all of that is one call.
 *
 * @param path The file. Its folder must be there.
 * @returns Let go of it, and it ends.
 */
export function watchFile(path: string, onSave: () => void): Disposable {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  // The folder: a new file in the place of the old one is another file.
  const watcher = Deno.watchFs(path.slice(0, slash), { recursive: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  (async () => {
    for await (const { paths, kind } of watcher) {
      if (kind === "access") continue;
      if (!paths.some((changed) => changed.split(/[\\/]/).at(-1) === name)) {
        continue;
      }
      clearTimeout(timer);
      timer = setTimeout(onSave, QUIET);
    }
  })();
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
