import { assert, assertMatch } from "@std/assert";
import { timestamp } from "../../lessons/07_event_loop/timestamp.ts";

Deno.test("timestamp() tells the time in seconds, with six digits behind the point", () => {
  const before = Date.now();
  const time = timestamp();
  const after = Date.now();
  assertMatch(time, /^\d+\.\d{6}$/);
  // Date.now() counts whole milliseconds.
  const milliseconds = Number(time) * 1000;
  assert(before <= milliseconds + 1 && milliseconds <= after + 1, time);
});
