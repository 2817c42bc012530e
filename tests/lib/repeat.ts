/**
 * A program with a dialog: it says every line again, and fails when it is told
 * to.
 *
 * @module
 */
import { openDialog } from "../../lib/dialog.ts";

using dialog = openDialog({
  prompt: "> ",
  question: "Ready? ",
  onInterrupt: () => Deno.exit(3),
  onFailure: reportError,
});
for await (const line of dialog) {
  if (line === "throw") throw new Error("A bug");
  if (line === "throw later") {
    setTimeout(() => {
      throw new Error("A bug");
    });
  }
  if (line === "reject") Promise.reject(new Error("A bug"));
  dialog.print([`again: ${line}`]);
}
