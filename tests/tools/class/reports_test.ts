import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ListError, readList } from "../../../tools/class/addresses.ts";
import { csvCell, csvReport } from "../../../tools/class/csv.ts";
import { htmlReport } from "../../../tools/class/html.ts";
import { junitReport, xmlText } from "../../../tools/class/junit.ts";
import type { GradedClass } from "../../../tools/class/results.ts";
import type { Check } from "../../grader/check.ts";
import type { Graded } from "../../grader/graders.ts";

function check(name: string, points?: number): Check {
  return {
    name,
    hint: "",
    about: `About "${name}"`,
    page: "",
    ...points === undefined ? {} : { points },
    run: () => Promise.resolve(),
  };
}

function result(name: string, outcome: Graded["outcome"]): Graded {
  const message = outcome === "passed" ? "" : `\u0007 <b> & "c"`;
  const report = outcome === "passed" ? [] : [message, "", "<script>x"];
  return { name, outcome, milliseconds: 1234, message, report };
}

/** Two lessons and two students, one of whom has an ugly name. */
const CLASS: GradedClass = {
  from: "<class>",
  seed: 7,
  lessons: ["01_echo", "03_stream"].map((lesson) => ({
    lesson,
    checks: [check("a <1>"), check("b", 3), check("c")],
    submissions: [
      { student: '=<i>, "x"', results: null, milliseconds: 0 },
      {
        student: "Ann",
        results: [
          result("a <1>", "failed"),
          result("b", "passed"),
          result("c", "skipped"),
        ],
        milliseconds: 2500,
      },
    ],
  })),
};

Deno.test("readList() takes a header, blank lines, quotes and IPv6", () => {
  const text = "\uFEFFName,Address\r\n\r\nAnn,127.0.0.1:5000\r\n" +
    '"O""Neil, Eve",pc-7.local:6000\r\n Ben , [::1]:7000\n';
  assertEquals(readList(text), [
    { student: "Ann", address: { hostname: "127.0.0.1", port: 5000 } },
    { student: 'O"Neil, Eve', address: { hostname: "pc-7.local", port: 6000 } },
    { student: "Ben", address: { hostname: "::1", port: 7000 } },
  ]);
});

Deno.test("readList() names the line that is wrong", () => {
  for (
    const [text, message] of [
      ["Ann,h:1\nBen\n", 'Line 2 is not NAME,HOST:PORT: "Ben"'],
      ["Ann,h:1\n\nBen,h\n", 'Line 3 is not NAME,HOST:PORT: "Ben,h"'],
      ["Ann,h:0\n", "Line 1 is not NAME,HOST:PORT"],
      ["Ann,h:65536\n", "Line 1 is not NAME,HOST:PORT"],
      [",h:1\n", "Line 1 is not NAME,HOST:PORT"],
      ["Ann,h:1,h:2\n", "Line 1 is not NAME,HOST:PORT"],
      ["Ann,h:1\nAnn,h:2\n", 'Line 2 has a name again: "Ann"'],
      ["name,address\n", "There is no server in it"],
    ] as const
  ) {
    assertThrows(() => readList(text), ListError, message);
  }
});

Deno.test("csvCell() quotes what needs it, and lets nothing be a formula", () => {
  for (
    const [value, cell] of [
      ["plain", "plain"],
      ["", ""],
      ["a,b", '"a,b"'],
      ['a"b', '"a""b"'],
      ["a\r\nb", '"a\r\nb"'],
      ["=1+1", "'=1+1"],
      ["+1", "'+1"],
      ["-1", "'-1"],
      ["@x", "'@x"],
      ["\t=1", "'\t=1"],
      ["=a,b", `"'=a,b"`],
      [-1, "-1"],
    ] as const
  ) {
    assertEquals(csvCell(value), cell);
  }
});

Deno.test("csvReport() has a line for each student and lesson", () => {
  const lines = csvReport(CLASS).split("\r\n");
  assertEquals(lines, [
    "student,lesson,handed in,points,of,failed,skipped,milliseconds",
    `"'=<i>, ""x""",01_echo,no,0,5,,,0`,
    "Ann,01_echo,yes,3,4,a <1>,c,2500",
    `"'=<i>, ""x""",03_stream,no,0,5,,,0`,
    "Ann,03_stream,yes,3,4,a <1>,c,2500",
    "",
  ]);
});

Deno.test("junitReport() is well-formed, whatever is in the names and reports", () => {
  assertEquals(
    xmlText("\u0000\u001B\uFFFF\uD800\t\n"),
    "\uFFFD".repeat(4) + "\t\n",
  );
  const xml = junitReport(CLASS);
  assertStringIncludes(
    xml,
    '<testsuite name="Ann: 01_echo" tests="3" failures="1" errors="0" ' +
      'skipped="1" time="2.500">',
  );
  assertStringIncludes(
    xml,
    '<failure message="\uFFFD &lt;b&gt; &amp; &quot;c&quot;">' +
      "\uFFFD &lt;b&gt; &amp; &quot;c&quot;\n\n&lt;script&gt;x</failure>",
  );
  assertEquals(xml.match(/<skipped message="not handed in"\/>/g)?.length, 6);
  // Every tag that is opened is closed, in order.
  const open: string[] = [];
  for (
    const [, end, name = "", , alone] of xml.matchAll(
      /<(\/?)([a-z]+)((?:\s[a-z]+="[^"<]*")*)\s?(\/?)>/g,
    )
  ) {
    if (end) assertEquals(open.pop(), name);
    else if (!alone) open.push(name);
  }
  assertEquals(open, []);
});

Deno.test("htmlReport() shows names and reports as text", () => {
  const page = htmlReport(CLASS);
  assertEquals(/<(script|i|b|class)>/.test(page), false);
  assertStringIncludes(page, "<bdi>=&lt;i&gt;, &quot;x&quot;</bdi>");
  assertStringIncludes(page, "About &quot;a &lt;1&gt;&quot;");
  assertStringIncludes(page, ">1 of 1</td>"); // Have failed the first check.
  assertStringIncludes(page, "<caption>Points in all lessons</caption>");
  assertStringIncludes(page, "<strong>6 of 8</strong>");
  assertStringIncludes(page, "not handed in");
  // Every link leads to a place on the page, and each place is there once.
  const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
  assertEquals(new Set(ids).size, ids.length);
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) {
    assertEquals(ids.includes(id), true, id);
  }
  assertEquals(/(href|src)="(?!#)/.test(page), false);
});
