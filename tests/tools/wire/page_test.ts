/**
 * The page of the wire in a real browser, in front of lesson 03.
 *
 * @module
 */
/// <reference lib="dom" />
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { hasChromium } from "../../chromium.ts";
import { within } from "../../deadline.ts";
import { ROOT } from "../../program.ts";
import { OpenWire } from "./page.ts";

/** Where pictures go: into the project if they are asked for. */
const PICTURES = Deno.env.get("WIRE_SCREENSHOTS") === "1"
  ? new URL("tools/wire/page/screenshots/", ROOT).pathname
  : null;

Deno.test({
  name: "the page of the wire shows what the demo of lesson 03 does, and more",
  ignore: !hasChromium(),
  fn: async (t) => {
    const pictures = PICTURES ?? await Deno.makeTempDir();
    try {
      await using open = await OpenWire.make("stream");
      await steps(t, open, pictures);
      assertEquals(open.wirePage.complaints, []);
    } finally {
      if (PICTURES === null) await Deno.remove(pictures, { recursive: true });
    }
  },
});

async function steps(
  t: Deno.TestContext,
  { wirePage, port }: OpenWire,
  pictures: string,
): Promise<void> {
  const { page } = wirePage;

  await t.step(
    "a merge is one chunk in the colours of its messages",
    async () => {
      await wirePage.rows("closed:").waitFor();
      const { text, bytes, messages } = await wirePage.shown("morning");
      assertEquals(text, "3good\\n4morning\\n");
      assertEquals(bytes.length, 2);
      assertNotEquals(bytes[0], bytes[1]);
      assertEquals(bytes, messages);
    },
  );

  await t.step(
    "a split is one message over two chunks in one colour",
    async () => {
      const first = await wirePage.shown(/half.*a li/);
      const second = await wirePage.shown(/…6ne/);
      assertEquals(first.text, "5half\\n6a li");
      assertEquals(second.bytes, [first.bytes[1]]);
      assertEquals(second.messages, second.bytes);
      assertEquals(first.messages, first.bytes);
      await wirePage.rows("4 bytes left over").waitFor();
    },
  );

  await t.step(
    "the bytes of a split character are marked in both chunks",
    async () => {
      const marked = await page.locator("#rows .split").evaluateAll((all) =>
        all.map((one) => one.firstChild?.textContent)
      );
      assertEquals(marked, ["E2", "82", "AC"]);
      assertEquals(await page.locator("#rows .broken").count(), 0);
    },
  );

  await t.step("it looks as it should", async () => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: `${pictures}/${scheme}.png` });
    }
    await page.emulateMedia({ colorScheme: "light" });
  });

  await t.step("the keyboard is enough", async () => {
    await page.locator("#table").focus();
    for (const key of ["PageDown", "PageUp", "End", "Home", "ArrowDown"]) {
      await page.keyboard.press(key);
    }
    await wirePage.nextFrame();
    const current = page.locator("#rows tr[aria-selected=true]");
    assertEquals(await current.getAttribute("aria-rowindex"), "3");
    assertEquals(
      await page.locator("#table").getAttribute("aria-activedescendant"),
      await current.getAttribute("id"),
    );
    await page.keyboard.press("Enter");
    const lines = page.locator("#hex-lines tr");
    assertEquals(
      await lines.allTextContents(),
      ["00000068 65 6C 6C 6F 0A hello\\n1 ×6"],
    );
    await page.keyboard.press("Escape");
    assert(await page.locator("#hex").isHidden());
    await page.keyboard.press("/");
    await page.keyboard.type("MORNING");
    await page.keyboard.press("Enter");
    await page.locator("#found", { hasText: "1 of 2 rows" }).waitFor();
    assertEquals(await page.locator("#rows mark").allTextContents(), [
      "morning",
      "morning",
    ]);
    await page.locator("#search").fill("");
  });

  await t.step(
    "a paused page counts what comes, and shows it step by step",
    async () => {
      const before = await wirePage.count();
      await page.locator("#table").focus();
      await page.keyboard.press("p");
      await page.locator("#again").click();
      await page.locator("#more", { hasText: /[3-9] more/ }).waitFor();
      assertEquals(await wirePage.count(), before);
      await page.locator("#table").focus();
      await page.keyboard.press("n");
      // With what was between the two connections.
      await wirePage.until(
        "one row more",
        async () => await wirePage.count() > before,
      );
      assert(await wirePage.count() <= before + 2);
      await page.keyboard.press("p");
      await page.locator("#more:empty").waitFor({ state: "attached" });
    },
  );

  await t.step(
    "trouble cuts chunks into pieces, and a reset is shown",
    async () => {
      using client = await Deno.connect({ hostname: "127.0.0.1", port });
      await page.locator("#trouble summary").click();
      await page.locator("[name=client-cut]").fill("1");
      await page.keyboard.press("Tab");
      await page.locator("#troubled", { hasText: "on" }).waitFor();
      await page.locator("#connection").selectOption("3");
      await page.locator("#search").fill("CUT");
      await client.write(new TextEncoder().encode("cut\n"));
      await wirePage.rows("1cut\\n").first().waitFor();
      await wirePage.until(
        "four pieces",
        async () => await page.locator("#rows tr.piece").count() === 4,
      );
      const held = page.locator("#rows tr.chunk [aria-label*=held]");
      assertEquals(await held.count(), 1);
      // No piece has it alone. The last one is in the reply.
      await page.locator("#found", { hasText: "5 rows" }).waitFor();
      const marks = page.locator("#rows mark");
      assertEquals(await marks.allTextContents(), [
        "cut",
        "c",
        "u",
        "t",
        "cut",
      ]);
      await page.locator("#search").fill("");

      await page.locator("#reset:enabled").click();
      await wirePage.rows("reset by the wire").waitFor();
      await page.locator("#which", { hasText: "connection 3 is over" })
        .waitFor();
      await within(
        "the reset",
        client.read(new Uint8Array(9)).catch(() => null),
      );
      await page.locator("#connection").selectOption("");
      await page.locator("[name=client-cut]").fill("0");
      await page.keyboard.press("Tab");
      await page.locator("#troubled:empty").waitFor({ state: "attached" });
    },
  );

  await t.step(
    "a trace that was saved and loaded has the same rows",
    async () => {
      await wirePage.until(
        "the second run to end",
        async () =>
          (await page.locator("#connection").innerText()).includes("2, closed"),
      );
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("#save").click(),
      ]);
      const trace = await Deno.readTextFile(await download.path());
      await wirePage.load("saved.jsonl", trace);
      await wirePage.says("This is saved.jsonl, not live.");
      await wirePage.rows("closed:").last().waitFor();
      const count = await wirePage.count();
      const loaded = (await wirePage.texts()).join("\n");
      await page.locator("#back").click();
      // With the forms above them there is room for fewer rows.
      await wirePage.until("the same rows", async () => {
        const texts = await wirePage.texts();
        return texts.length > 10 && loaded.includes(texts.join("\n")) &&
          await wirePage.count() === count;
      });
    },
  );

  await t.step(
    "another framing is another look at the same bytes",
    async () => {
      const messages = page.locator("#rows .messages > span");
      await page.locator("#framing").selectOption("none");
      await wirePage.until(
        "no messages",
        async () => await messages.count() === 0 && await wirePage.count() > 20,
      );
      await page.locator("#framing").selectOption("lines");
      await messages.first().waitFor();
    },
  );
}
