/**
 * The page of the wire in a real browser, whatever comes: other files, other
 * people, other screens.
 *
 * @module
 */
/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import { hasChromium } from "../../chromium.ts";
import { hostileTrace } from "./traces.ts";
import { OpenWire } from "./page.ts";

Deno.test({
  name: "the page of the wire is for everybody, and cannot be broken",
  ignore: !hasChromium(),
  fn: async (t) => {
    await using open = await OpenWire.make("stream");
    await steps(t, open);
  },
});

async function steps(t: Deno.TestContext, open: OpenWire): Promise<void> {
  const { wirePage } = open;
  const { page } = wirePage;
  await wirePage.rows("closed:").waitFor();
  const live = await wirePage.count();

  await t.step("a file that is no trace is refused in one line", async () => {
    await wirePage.load("broken.jsonl", '{"trace": 1, "to": "x"');
    await wirePage.says(
      "broken.jsonl was not loaded. Line 1 is no JSON object",
    );
  });

  await t.step(
    "a trace with anything in it is shown, and does nothing",
    async () => {
      await wirePage.load("<b>bad</b>.jsonl", hostileTrace());
      await wirePage.says("This is <b>bad</b>.jsonl, not live.");
      await wirePage.until(
        "all rows",
        async () => await wirePage.count() > 10_000,
      );
      for (const key of ["Home", "End"]) {
        await page.locator("#table").focus();
        await page.keyboard.press(key);
        await page.keyboard.press("Enter");
        await wirePage.nextFrame();
        const text = (await wirePage.texts()).join("\n");
        assert(text.includes("<img src=x onerror=alert(1)>"));
        await page.keyboard.press("Escape");
      }
      // The end of one chunk and the beginning of the next, behind all others.
      await page.locator("#search").fill("</script>9999 <img");
      await page.locator("#found", { hasText: /^2 rows$/ }).waitFor();
      await page.locator("#search").fill("nowhere");
      await page.locator("#found", { hasText: /^not found$/ }).waitFor();
      await page.locator("#search").fill("");
      const strange = await page.locator("main :is(img, script, b b)").count();
      assertEquals(strange, 0);
      assert(!/[\u202e\u2067\0]/.test(await page.locator("body").innerText()));
      await page.locator("#back").click();
      await wirePage.until(
        "the wire again",
        async () => await wirePage.count() === live,
      );
    },
  );

  // With all that can be open.
  await page.locator("#trouble summary").click();
  await page.locator("#table").focus();
  for (const key of ["Home", "ArrowDown", "Enter"]) {
    await page.keyboard.press(key);
  }
  await page.locator("#hex-lines tr").first().waitFor();
  for (const scheme of ["light", "dark"] as const) {
    await t.step(`nothing is in anybody's way, ${scheme}`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      assertEquals(await wirePage.barriers(), []);
    });
  }

  await t.step("nothing is wider than a narrow screen", async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await wirePage.nextFrame();
    assertEquals(
      await page.evaluate(() => document.documentElement.scrollWidth),
      400,
    );
    assertEquals(await wirePage.barriers(), []);
  });

  // What the browser itself says of the file that was refused.
  assertEquals(wirePage.complaints.map((text) => text.replace(/ \(.*/, "")), [
    "Failed to load resource: the server responded with a status of 400",
  ]);

  await t.step("a wire that has stopped is said to have", async () => {
    assertEquals((await open.stop()).code, 0);
    await wirePage.says("The wire has stopped.");
    assert((await wirePage.texts()).length > 0);
  });
}
