/**
 * A class of thirty, with everything in it that can be handed in.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { hasChromium, launchChromium, type Page } from "../../chromium.ts";
import { within } from "../../deadline.ts";
import { makeTemp } from "../../temp.ts";
import { runClass } from "./running.ts";
import { handIn, HOSTILE_NAME, type Student } from "./submissions.ts";

const SEED = "20250704";

/** The reports of one run. */
interface Reports {
  csv: string;
  html: string;
  xml: string;
}

async function grade(from: string, out: string): Promise<Reports> {
  // The limit on the time is for another test: this machine may be busy.
  const { code, stdout, stderr } = await runClass(
    ...[from, "echo", "--seed", SEED, "--out", out, "--time", "600"],
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(stdout.match(/^01_echo {2}/gm)?.length, 30, stdout);
  const read = (name: string) => Deno.readTextFile(`${out}/${name}`);
  return {
    csv: await read("report.csv"),
    html: await read("report.html"),
    xml: await read("report.xml"),
  };
}

/**
 * What has to be the same each time: all but times, ports, and the record of
 * what was said, in which what one read brings is the system's choice.
 */
function lasting({ csv, html, xml }: Reports): Reports {
  const ports = (text: string) =>
    text.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
  return {
    csv: csv.replace(/,\d+\r\n/g, ",TIME\r\n"),
    html: ports(html)
      .replace(/<td class="number time">[\d.]+ s/g, "TIME")
      .replace(/(<pre[^>]*>)[^<]*/g, "$1"),
    xml: ports(xml)
      .replace(/ time="[\d.]+"/g, "")
      .replace(/(<failure [^>]*>)[^<]*/g, "$1"),
  };
}

/** The outcomes of a student's checks, and the reports on those that failed. */
function suiteOf(xml: string, { name }: Student) {
  const escaped = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const start = xml.indexOf(`<testsuite name="${escaped}: 01_echo"`);
  assert(start !== -1, name);
  const suite = xml.slice(start, xml.indexOf("</testsuite>", start));
  return {
    checks: suite.match(/<testcase /g)?.length,
    failed: suite.match(/<failure /g)?.length ?? 0,
    skipped: suite.match(/<skipped /g)?.length ?? 0,
    errors: suite.match(/<error /g)?.length ?? 0,
    text: suite.replaceAll("&quot;", '"').replaceAll("&lt;", "<"),
  };
}

function assertAsItShould(xml: string, student: Student): void {
  const { checks, failed, skipped, errors, text } = suiteOf(xml, student);
  const message = `${student.name}: ${text}`;
  assertEquals({ checks, errors }, { checks: 7, errors: 0 }, message);
  assertEquals(skipped, student.source === null ? 7 : 0, message);
  if (student.passes === "all") assertEquals(failed, 0, message);
  else if (student.passes === "none") assertEquals(failed, 7, message);
  else if (student.source !== null) assert(failed > 0, message);
  assertStringIncludes(text, student.words ?? "");
  assertEquals(text.includes("SUCCEEDED"), false, message);
}

/** Opens the page, and reads it as a teacher would. */
async function readPage(page: Page, path: string): Promise<void> {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(dialog.message());
    dialog.dismiss();
  });
  await page.goto(`file://${path}`);

  const table = page.getByRole("table", {
    name: "01_echo: students by checks",
  });
  assertEquals(await table.locator("tbody tr").count(), 30);
  assertEquals(
    await table.getByRole("rowheader", { name: HOSTILE_NAME }).count(),
    1,
  );
  assertEquals(await table.getByRole("columnheader").count(), 10);

  // A click on what has failed opens the report on it.
  const row = table.getByRole("row", { name: "forks" });
  const report = page.locator("pre", { hasText: 'run access to "sleep"' });
  assertEquals(await report.first().isVisible(), false);
  await row.getByRole("link").first().click();
  await report.first().waitFor({ state: "visible" });
  // And so does a click on its heading.
  const details = page.locator("details", { hasText: "of memory" }).first();
  await details.locator("summary").click();
  assertEquals(await details.locator("pre").isVisible(), true);

  assertEquals(await page.title(), "Class report");
  assertEquals(complaints, []);
  assertEquals(requests, [`file://${path}`]);
}

Deno.test("a class of thirty gets the same report twice, and nobody pays for another", async (t) => {
  await using temp = await makeTemp();
  const { path } = temp;
  const students = await handIn(`${path}/class`);
  assertEquals(students.length, 30);
  const first = await grade(`${path}/class`, `${path}/first`);
  for (const student of students) assertAsItShould(first.xml, student);

  await t.step({
    name: "its page works in a browser",
    ignore: !hasChromium(),
    fn: async () => {
      const browser = await within(
        "Chromium to start",
        launchChromium(),
        60_000,
      );
      try {
        const page = await browser.newPage();
        await within(
          "the page to be read",
          readPage(page, `${path}/first/report.html`),
          60_000,
        );
      } finally {
        await browser.close();
      }
    },
  });

  const second = await grade(`${path}/class`, `${path}/second`);
  assertEquals(lasting(second), lasting(first));
});
