/**
 * A line of the table as an element.
 *
 * @module
 */
/// <reference lib="dom" />
import { bytesCell, messagesCell } from "./cells.ts";
import { element } from "./elements.ts";
import { ladder, type Place } from "./ladder.ts";
import type { Query } from "./search.ts";
import { halfOpen, isBytes } from "./store.ts";
import type { Line } from "./view.ts";
import { eventText, otherThan, pictureText, timeText } from "./words.ts";

/** A line, with the picture of this size. */
export function rowElement(
  line: Line,
  place: Place,
  query: Query | null,
): HTMLTableRowElement {
  const { entry, between } = line;
  const { row } = entry;
  const picture = ladder(line, place);
  if (between !== null) {
    picture.ariaHidden = "true";
    return element(
      "tr",
      { class: "between", role: "row" },
      cell("time"),
      cell("conn"),
      cell("ladder", picture),
      cell("event", between),
    );
  }
  const happened = isBytes(row)
    ? [
      cell("bytes", ...bytesCell(entry, query)),
      cell("messages", ...messagesCell(entry)),
    ]
    : [cell("event", eventText(row), halfOpenText(line))];
  picture.ariaLabel = pictureText(row);
  return element(
    "tr",
    { class: `${row.kind} ${isBytes(row) ? "full" : ""}`, role: "row" },
    cell("time", timeText(row.at)),
    cell("conn", row.conn === 0 ? "" : `${row.conn}`),
    cell("ladder", picture),
    ...happened,
  );
}

/** Says where the half-open stretch begins. */
function halfOpenText({ before, after }: Line): string {
  const side = halfOpen(after);
  if (side === null || halfOpen(before) !== null) return "";
  return `; half-open: the ${otherThan(side)} still may send`;
}

function cell(name: string, ...children: (Node | string)[]): HTMLElement {
  return element("td", { class: name, role: "gridcell" }, ...children);
}
