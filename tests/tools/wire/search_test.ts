/**
 * What the search of the wire's page finds.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import {
  type Match,
  matchesIn,
  matchesOf,
  parseQuery,
  type Query,
} from "../../../tools/wire/page/search.ts";
import { RowStore } from "../../../tools/wire/page/store.ts";
import { bytesOf } from "../../conversation.ts";
import fc from "../../fast_check.ts";
import { chunked } from "../../lib/chunks.ts";
import {
  anyBytes,
  chunk,
  CONNECT,
  type Happened,
  rowsOf,
  storeOf,
} from "./rows.ts";

const queryOf = (typed: string) => parseQuery(typed) as Query;

Deno.test("a search finds text in any case, and bytes as they are", () => {
  const find = (typed: string, bytes: Uint8Array) => {
    const query = parseQuery(typed);
    return query === null
      ? null
      : matchesIn(bytes, query).map(({ start }) => start);
  };
  assertEquals(find("", bytesOf("a")), null);
  assertEquals(find("pin", bytesOf("PING ping")), [0, 5]);
  assertEquals(find("aa", bytesOf("aaaaa")), [0, 1, 2, 3]);
  assertEquals(find("0x0a", bytesOf("a\nb\n")), [1, 3]);
  assertEquals(find("0x0d 0A", bytesOf("a\r\n")), [1]);
  assertEquals(find("0x41", bytesOf("aA")), [1]);
  assertEquals(find("0x4", bytesOf("0X4")), [0]);
  assertEquals(find("€", bytesOf("3 €")), [2]);
});

Deno.test("a search finds whatever is there", () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, anyBytes, (before, bytes, after) => {
      fc.pre(bytes.length > 0);
      const all = concat([before, bytes, after]);
      assert(matchesIn(all, { bytes, folded: false }).length > 0);
    }),
  );
});

/** Which of `length` bytes belong to a match. */
function marked(length: number, matches: Match[]): boolean[] {
  return Array.from(
    { length },
    (_, at) => matches.some(({ start, end }) => start <= at && at < end),
  );
}

Deno.test("a search finds what came in several chunks, in each of them", () => {
  const typed = fc.constantFrom("a", "aa", "\na", "€", "aaa", "a\na");
  fc.assert(
    fc.property(chunked(anyBytes), typed, ({ bytes: all, chunks }, typed) => {
      const query = queryOf(typed);
      const { entries } = storeOf([
        [0, 1, CONNECT],
        ...chunks.map((bytes): Happened => [0, 1, chunk(bytes)]),
      ]);
      assertEquals(
        entries.flatMap((entry) =>
          marked(entry.bytes.length, matchesOf(entry, query))
        ),
        marked(all.length, matchesIn(all, query)),
      );
    }),
  );
});

Deno.test("a search does not go on behind bytes that a row has not", () => {
  const store = new RowStore();
  const rows = rowsOf(
    [[0, 1, CONNECT], [0, 1, chunk("aXXXXb")], [0, 1, chunk("bc")]],
    "none",
    1,
  );
  for (const row of rows) store.add(row);
  const found = (typed: string) =>
    store.entries.map((entry) => matchesOf(entry, queryOf(typed)).length);
  assertEquals(found("a"), [0, 1, 0]);
  assertEquals(found("b"), [0, 0, 1]);
  assertEquals(found("ab"), [0, 0, 0]);
});
