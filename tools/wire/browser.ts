/**
 * The person's own browser.
 *
 * @module
 */

/** The command that opens an address in it. */
const OPENERS: Partial<Record<typeof Deno.build.os, string[]>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens a page in the browser that the person uses.
 *
 * @returns Whether the system knows how.
 */
export async function openPage(url: string): Promise<boolean> {
  const [command = "", ...args] = OPENERS[Deno.build.os] ?? ["xdg-open"];
  try {
    const { success } = await new Deno.Command(command, {
      args: [...args, url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
