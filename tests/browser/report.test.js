// The page of `attempts report`, as a file: no request, no script, both schemes, a phone, paper. The pictures are under
// `target/screenshots`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { launch, picture, tooLow } from "./emulator.js";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let browser;
let folder;
let report;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "twilio-verify-"));
  report = join(folder, "report.html");
  execFileSync(process.env.TWILIO_VERIFY_PROGRAM, ["--emulator", "attempts", "report", "--live", "--fee", "0.05", "-o", report]);
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens the report; what it requests or complains about fails the test when it is closed. */
async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  const url = pathToFileURL(report).href;
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => faults.push(message.text()));
  page.on("request", (request) => [url, "data:,"].includes(request.url()) || faults.push(`asked ${request.url()}`));
  await page.goto(url);
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, close };
}

for (const [device, viewport] of [["desktop", { width: 1280, height: 800 }], ["phone", { width: 360, height: 740 }]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a report on a ${device}, ${colorScheme}`, async () => {
      const { page, close } = await open({ viewport, colorScheme });
      await page.locator("details").evaluate((details) => (details.open = true));
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels beside the window`);
      await picture(page, `report-${device}-${colorScheme}`);
      await close();
    });
  }
}

test("a report needs no script, and is small", async () => {
  assert.ok(statSync(report).size <= 300 * 1024);
  const { page, close } = await open({ javaScriptEnabled: false });
  for (const name of ["Trend", "Findings", "Countries", "Channels", "Carriers", "Prefixes", "Cost"]) {
    assert.equal(await page.getByRole("heading", { name, exact: true }).count(), 1, name);
  }
  assert.ok(await page.getByRole("table").count() >= 6);
  assert.ok(await page.locator("figure svg").first().isVisible());
  await close();
});

test("its text and graphics have enough contrast in both schemes and on paper", async () => {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "dark", media: "print" }]) {
    const { page, close } = await open({ colorScheme: options.colorScheme });
    if (options.media) await page.emulateMedia({ media: options.media, colorScheme: options.colorScheme });
    const pairs = [
      ...["text", "faint"].flatMap((name) => ["card", "ground"].map((ground) => [name, ground, 4.5])),
      ...["mark", "other", "all"].map((name) => [name, "card", 3]),
    ];
    assert.deepEqual(await tooLow(page, pairs), [], JSON.stringify(options));
    // What kuva draws has the page's colours.
    const text = await page.locator("figure svg text").first().evaluate((element) => getComputedStyle(element).fill);
    const faint = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = "var(--faint)";
      return getComputedStyle(probe).color;
    });
    assert.equal(text, faint);
    await close();
  }
});

test("it can be printed", async () => {
  const { page, close } = await open({ colorScheme: "dark" });
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await close();
});
