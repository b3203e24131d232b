// Takes the pictures of the documentation: `docs/images`. The clock stands still and the seed is the default, so that
// they differ only with the page, the browser and the fonts of the machine.

import { mkdirSync } from "node:fs";

import { dashboard, has } from "./dashboard.js";
import { fill, launch, start } from "./emulator.js";

const folder = new URL("../../docs/images/", import.meta.url);
mkdirSync(folder, { recursive: true });

const ends = [];
const emulator = await start({ after: (end) => ends.push(end) });
const browser = await launch();
try {
  await fill(emulator);
  for (const [name, colorScheme, opened] of [["inbox-light", "light"], ["inbox-dark", "dark"], ["detail", "light", true]]) {
    const page = await browser.newPage({ viewport: { width: 1120, height: 620 }, colorScheme });
    await page.goto(`${emulator.url}/_emulator/`);
    await page.getByText("Live", { exact: true }).waitFor();
    if (opened) {
      await page.locator("a.to").first().click();
      await page.getByRole("heading", { name: "Timeline" }).waitFor();
      await page.evaluate(() => document.activeElement.blur());
    }
    await page.screenshot({ path: new URL(`emulator-${name}.png`, folder).pathname });
    await page.close();
  }
  if (has("prometheus") && has("promtool")) {
    await dashboard(browser, new URL("exporter-dashboard.png", folder).pathname);
  } else {
    console.error("left the picture of the dashboard as it is: there is no Prometheus");
  }
} finally {
  await browser.close();
  for (const end of ends) await end();
}
