/**
 * Rows as a page of the wire gets them, and bytes for them, for tests.
 *
 * @module
 */
import type { Framing } from "../../../tools/wire/framing.ts";
import { RowStore } from "../../../tools/wire/page/store.ts";
import { type Row, Rows } from "../../../tools/wire/row.ts";
import type { Happening } from "../../../tools/wire/trace.ts";
import { bytesOf } from "../../conversation.ts";
import fc from "../../fast_check.ts";

/** When, on which connection, what. */
export type Happened = [at: number, conn: number, happening: Happening];

export const CONNECT = { kind: "connect", client: "c", server: "s" } as const;

/** The rows of what happened, with so many bytes each at most. */
export function rowsOf(
  happenings: Happened[],
  framing: Framing = "lines",
  shown?: number,
): Row[] {
  const rows = new Rows(framing, shown);
  return happenings.map(([at, conn, happening], index) =>
    rows.row({ at, conn, ...happening }, index + 1)
  );
}

/** A store with these rows. */
export function storeOf(happenings: Happened[]): RowStore {
  const store = new RowStore();
  for (const row of rowsOf(happenings)) store.add(row);
  return store;
}

/** A chunk from the client. */
export function chunk(bytes: string | number[] | Uint8Array): Happening {
  return {
    kind: "chunk",
    from: "client",
    bytes: typeof bytes === "string" ? bytesOf(bytes) : new Uint8Array(bytes),
  };
}

/** Anything, with half characters and nonsense often in it. */
export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.array(fc.constantFrom(0x0a, 0x61, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x80))
    .map((bytes) => new Uint8Array(bytes)),
  fc.string({ unit: "binary" }).map(bytesOf),
);
