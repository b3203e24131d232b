// How the emulator's page looks: in both schemes, on a phone, and to those who do not see it. The pictures are under
// `target/screenshots`.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { examine, fill, launch, open, picture, start, tooLow } from "./emulator.js";

const VIEWS = ["inbox", "requests", "webhooks", "faults", "attempts", "start"];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function filled(t) {
  const emulator = await start(t);
  const { shop } = await fill(emulator);
  const { post, control, url } = emulator;
  await post(`/v2/Services/${shop}/Webhooks`, { FriendlyName: "Factors", EventTypes: "*", WebhookUrl: `${url}/_emulator/nothing` });
  await control("POST", "faults", { operation: "CreateVerification", effect: 503, probability: 0.1, retry_after: 2 });
  await control("POST", "faults", { operation: "*", effect: "latency", duration: "1ms..2ms" });
  await post(`/v2/Services/${shop}/Entities/ff483d1f-ada/Factors`, { FriendlyName: "Codes", FactorType: "totp" });
  await post(`/v2/Services/${shop}/Verifications`, { Channel: "sms" });
  return emulator;
}

/** Waits for what a view shows last. */
const shown = (page, view) => page.locator({
  inbox: "#messages > li", requests: "#request-rows > li", webhooks: "#delivery-rows > li", faults: "#fault-rows > li",
  attempts: "#attempt-rows > li", start: ".numbers > li",
}[view]).first().waitFor();

for (const [device, viewport] of [["desktop", { width: 1280, height: 800 }], ["phone", { width: 360, height: 740 }]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`all views on a ${device}, ${colorScheme}`, async (t) => {
      const { url } = await filled(t);
      const page = await open(browser, url, { viewport, colorScheme, reducedMotion: "reduce" });
      for (const view of VIEWS) {
        await page.goto(`${url}/_emulator/#/${view}`);
        await shown(page, view);
        await examine(page, `${device} ${colorScheme} ${view}`);
        await picture(page, `${device}-${colorScheme}-${view}`);
        if (!["inbox", "requests", "webhooks"].includes(view)) continue;
        await page.locator(`#${view} a.to`).first().click();
        await page.locator(`#${view} .detail h4`).first().waitFor();
        await examine(page, `${device} ${colorScheme} ${view}, open`);
        await picture(page, `${device}-${colorScheme}-${view}-open`);
      }
      for (const [opener, name] of [["#clock", "clock"], ["#code-badge", "code"], ["#reset", "reset"]]) {
        await page.locator(opener).click();
        await examine(page, `${device} ${colorScheme} ${name}`);
        await picture(page, `${device}-${colorScheme}-${name}`);
        await page.keyboard.press("Escape");
      }
    });
  }
}

test("the quick start fills an empty inbox, on a phone too", async (t) => {
  const { url } = await start(t);
  for (const [device, viewport] of [["desktop", { width: 1280, height: 800 }], ["phone", { width: 360, height: 740 }]]) {
    const page = await open(browser, url, { viewport });
    await shown(page, "start");
    await examine(page, `${device}, empty`);
    await picture(page, `${device}-light-empty`);
  }
});

test("on a phone the inbox is first, rows are cards, and a message takes the place of the list", async (t) => {
  const { url } = await filled(t);
  const page = await open(browser, url, { viewport: { width: 360, height: 740 } });
  const card = page.locator("#messages > li").first();
  await card.waitFor();
  const { y, height } = await card.boundingBox();
  assert.ok(y + height < 740, "the first message is in sight");
  const style = await card.evaluate((element) => getComputedStyle(element).borderRadius);
  assert.notEqual(style, "0px");
  await card.locator("a.to").click();
  await page.locator("#detail").waitFor();
  assert.equal(await card.isVisible(), false);
  await page.getByRole("link", { name: "Close" }).click();
  await card.waitFor();
});

test("graphics have a contrast of 3:1 in both schemes", async (t) => {
  const { url } = await start(t);
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(browser, url, { colorScheme });
    const pairs = [
      ...["edge", "accent", "good", "pending", "warn", "bad", "faint", "bar-converted", "bar-unconverted"].flatMap((name) => [[name, "card", 3], [name, "ground", 3]]),
      ["edge", "raised", 2.9], ["accent", "selected", 3],
      ...["text", "faint", "good", "pending", "warn", "bad", "accent"].flatMap((name) => ["card", "ground", "selected"].map((ground) => [name, ground, 4.5])),
      ["text", "raised", 4.5], ["faint", "raised", 4.5], ["on-accent", "accent", 4.5],
    ];
    assert.deepEqual(await tooLow(page, pairs), [], colorScheme);
  }
});
