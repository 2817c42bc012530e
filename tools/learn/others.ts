/**
 * Other programs that use the terminal meanwhile: a pager, an editor.
 *
 * @module
 */

/** Shows a file in the pager of the person's choice. Returns what went wrong. */
export async function openPager(path: string): Promise<string> {
  const pager = Deno.env.get("PAGER") || "less";
  return await run(pager, path, "Set PAGER to a program that shows a file.");
}

/**
 * Opens a file in the editor of the person's choice, `$VISUAL` or `$EDITOR`, or
 * in VS Code. Returns what went wrong.
 */
export async function openEditor(path: string): Promise<string> {
  const editor = Deno.env.get("VISUAL") || Deno.env.get("EDITOR") || "code";
  return await run(editor, path, "Set EDITOR to your editor.");
}

/** Runs a command line with a path behind it. */
async function run(command: string, path: string, advice: string) {
  // It may have arguments, as in EDITOR="code --wait".
  const [name = "", ...args] = command.trim().split(/\s+/);
  try {
    const { success } = await new Deno.Command(name, {
      args: [...args, path],
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
    return success ? "" : `${command} has ended with an error.`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return `There is no program "${name}". ${advice}`;
  }
}
