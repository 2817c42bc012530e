/**
 * The picture beside a row: a piece of the ladder between client, wire and
 * server. Pieces join from row to row.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Row } from "../row.ts";
import type { Side } from "../trace.ts";
import { drawn } from "./elements.ts";
import { type Entry, halfOpen, type Life } from "./store.ts";
import type { Line } from "./view.ts";
import { otherThan, shortSize } from "./words.ts";

/** Where things are in a picture, in pixels. */
export interface Place {
  width: number;
  height: number;
}

/** How far the outer lines are from the edges. */
const EDGE = 20;

/** The picture of a line of the table. */
export function ladder(line: Line, place: Place): SVGSVGElement {
  const { entry, between, before, after } = line;
  const { width, height } = place;
  const picture = drawn("svg", {
    role: "img",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  });
  // What happens, happens in the middle: above it is before, below it after.
  if (before === after) picture.append(...lives(before, 0, height, place));
  else {
    picture.append(
      ...lives(before, 0, height / 2, place),
      ...lives(after, height / 2, height, place),
    );
  }
  if (between === null) picture.append(...happening(entry, place));
  return picture;
}

function at(side: Side | "wire", width: number): number {
  return side === "client"
    ? EDGE
    : side === "server"
    ? width - EDGE
    : width / 2;
}

/** The three lines from one height to another. */
function lives(
  life: Life,
  from: number,
  to: number,
  { width }: Place,
): SVGElement[] {
  if (!life.open) return [];
  const made: SVGElement[] = [];
  if (halfOpen(life) !== null) {
    const x = at("client", width);
    made.push(drawn("rect", {
      class: "half",
      x,
      y: from,
      width: at("server", width) - x,
      height: to - from,
    }));
  }
  const line = (side: Side | "wire") => `M${at(side, width)} ${from}V${to}`;
  const sides = ["client", "server"] as const;
  const sending = sides.filter((side) => !life[side]).map(line).join("");
  const ended = sides.filter((side) => life[side]).map(line).join("");
  made.push(
    drawn("path", { class: "life middle", d: line("wire") }),
    drawn("path", { class: "life", d: sending }),
  );
  if (ended !== "") made.push(drawn("path", { class: "life ended", d: ended }));
  return made;
}

function happening({ row }: Entry, place: Place): SVGElement[] {
  switch (row.kind) {
    case "connect":
      return arrow("client", "server", "opening", "connect", place);
    case "refused":
      return [
        ...arrow("client", "wire", "opening", "", place),
        cross("server", place),
      ];
    case "chunk": {
      const to = row.held ? "wire" : otherThan(row.from);
      return arrow(row.from, to, "chunk", shortSize(row.size), place);
    }
    case "piece": {
      const size = shortSize(row.size);
      return arrow("wire", otherThan(row.from), "piece", size, place);
    }
    case "lost":
      return lost(row, place);
    case "end": {
      const to = row.held ? "wire" : otherThan(row.from);
      return arrow(row.by, to, "end", "end", place);
    }
    case "reset":
      return reset(row.by, place);
    case "close":
      return (["client", "wire", "server"] as const).map((side) =>
        drawn("path", {
          class: "closed",
          d: `M${at(side, place.width) - 5} ${place.height / 2}h10`,
        })
      );
    default:
      return [];
  }
}

function arrow(
  from: Side | "wire",
  to: Side | "wire",
  name: string,
  label: string,
  { width, height }: Place,
): SVGElement[] {
  const [start, end] = [at(from, width), at(to, width)];
  const way = Math.sign(end - start);
  // Below the label, which needs the place above the line.
  const y = height / 2 + 5;
  const tip = end - way;
  const line = `M${start + way * 2} ${y}H${tip - way * 7}`;
  const head = `M${tip} ${y}l${-way * 7} -3v6z`;
  // On the half of the side that it comes from, so that the wire stays free.
  const half = from === "wire" ? end : from === "client" ? EDGE : width - EDGE;
  const x = (half + width / 2) / 2;
  return [
    drawn("path", { class: `arrow ${name}`, d: line }),
    drawn("path", { class: `head ${name}`, d: head }),
    drawn("text", { x, y: y - 4 }, label),
  ];
}

function lost(row: Row & { from: Side; size: number }, place: Place) {
  const { width, height } = place;
  const side = otherThan(row.from);
  const way = side === "server" ? 1 : -1;
  const y = height / 2 + 5;
  const end = (at("wire", width) + at(side, width)) / 2;
  return [
    drawn("path", {
      class: "arrow lost",
      d: `M${at("wire", width) + way * 2} ${y}H${end}`,
    }),
    drawn("path", { class: "cross", d: crossAt(end, y) }),
    drawn("text", { x: end, y: y - 6 }, shortSize(row.size)),
  ];
}

function reset(by: Side | "wire", place: Place): SVGElement[] {
  const sides = (["client", "server"] as const).filter((side) => side !== by);
  return [
    ...sides.map((side) => zigzag(by, side, place)),
    ...sides.map((side) => cross(side, place)),
  ];
}

function zigzag(from: Side | "wire", to: Side, { width, height }: Place) {
  const [start, end] = [at(from, width), at(to, width)];
  const steps = Math.round(Math.abs(end - start) / 8);
  const step = (end - start) / steps;
  const points = Array.from(
    { length: steps },
    (_, n) => `L${start + (n + 0.5) * step} ${height / 2 + (n % 2 ? 4 : -4)}`,
  );
  return drawn("path", {
    class: "reset",
    d: `M${start} ${height / 2}${points.join("")}L${end} ${height / 2}`,
  });
}

function cross(side: Side, { width, height }: Place): SVGElement {
  return drawn("path", {
    class: "cross",
    d: crossAt(at(side, width), height / 2),
  });
}

function crossAt(x: number, y: number): string {
  return `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`;
}
