/**
 * The keyboard.
 *
 * @module
 */
/// <reference lib="dom" />
import { find } from "./elements.ts";

/** What keys do, by their names. */
export type Keys = Map<string, () => void>;

/**
 * Has keys do something while the table has the focus, or nothing has: a letter
 * typed elsewhere is not meant for it.
 */
export function listenToKeys(keys: Keys): void {
  const table = find("table", "table");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { activeElement } = document;
    if (activeElement !== table && activeElement !== document.body) return;
    const action = keys.get(event.key);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
