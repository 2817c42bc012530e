import { assertEquals } from "@std/assert";
import { ReadyList } from "../../lessons/07_event_loop/ready_list.ts";

Deno.test("a ready list gives everything that has happened, in its order", async () => {
  const ready = new ReadyList<string>();
  ready.push("A");
  ready.push("B");
  assertEquals(await ready.take(), ["A", "B"]);
});

Deno.test("a ready list sleeps until something happens", async () => {
  const ready = new ReadyList<string>();
  const taken = ready.take();
  ready.push("A");
  // The loop is awake now, but has not run yet: this is in the same list.
  ready.push("B");
  assertEquals(await taken, ["A", "B"]);

  const next = ready.take(); // What was taken is not told again.
  ready.push("C");
  assertEquals(await next, ["C"]);
});

Deno.test("what is pushed while a list is being handled is in the next one", async () => {
  const ready = new ReadyList<number>();
  ready.push(0);
  const lists: number[][] = [];
  while (lists.length < 3) {
    const list = await ready.take();
    lists.push(list);
    for (const entry of list) {
      ready.push(entry + 1);
      ready.push(entry + 1);
    }
  }
  assertEquals(lists, [[0], [1, 1], [2, 2, 2, 2]]);
});
