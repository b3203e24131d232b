// The inbox of the emulator's page, as a person uses it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";

import { clipboard, launch, open, press, start } from "./emulator.js";

const TO = "+573003003030";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const row = (page, to) => page.locator("#messages > li").filter({ hasText: to });
const code = (page, to) => row(page, to).first().locator(".code").textContent();

test("a message shows as it is sent, and what becomes of it as it happens", async (t) => {
  const { url, service, send, check } = await start(t);
  const page = await open(browser, url);
  await page.getByRole("heading", { name: "Send a code, and it arrives here" }).waitFor();

  const shop = await service();
  await send(shop, TO);
  const message = row(page, TO);
  await message.waitFor();
  assert.match(await code(page, TO), /^[0-9]{6}$/);
  assert.match(await message.locator(".about").textContent(), /SMS · Shop/);
  assert.equal(await message.locator(".state").textContent(), "Pending, 5 checks left");
  assert.match(await message.locator(".left").textContent(), /^(9:[0-9]{2}|10:00) left$/);
  assert.equal(await page.getByRole("heading", { name: "Send a code" }).isVisible(), false);

  await check(shop, TO, "000000");
  await message.getByText("Pending, 4 checks left").waitFor();
  await check(shop, TO, await code(page, TO));
  await message.getByText("Approved").waitFor();
  assert.equal(await message.locator(".left").textContent(), "");

  await send(shop, "+15005550002");
  await row(page, "+15005550002").getByText("Undelivered").waitFor();
  // The newest is first.
  assert.match(await page.locator("#messages > li").first().textContent(), /15005550002/);
});

test("what a message says is text, not markup", async (t) => {
  const { url, service, send } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  await send(shop, "ana@example.com", "email", { CustomFriendlyName: "<img src=x onerror=1>" });
  await row(page, "ana@example.com").locator("a").click();
  assert.match(await page.locator(".bubble").textContent(), /<img src=x onerror=1>/);
  assert.equal(await page.locator("main img").count(), 0);
});

test("a verification is sent again, by call too, and approved, canceled and expired", async (t) => {
  const { url, post, service, send, control } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  const status = async (sid) => (await control("GET", `verifications/${sid}`)).status;
  const begin = async () => {
    const { sid } = await send(shop, TO);
    await row(page, TO).filter({ hasText: "Pending" }).first().locator("a").click();
    await page.locator("#detail .state", { hasText: "Pending" }).waitFor();
    return sid;
  };

  const approved = await begin();
  await press(page, "Send again", `Sent again to ${TO}`);
  await press(page, "Send by call", `Called ${TO}`);
  await row(page, TO).nth(2).waitFor();
  await page.locator(".timeline li").nth(2).waitFor();
  assert.equal(await row(page, TO).count(), 3);
  assert.deepEqual(await page.locator(".timeline li > :last-child").allTextContents(), ["Sent", "Sent", "Sent"]);
  assert.match(await page.locator(".bubble").textContent(), new RegExp(await code(page, TO)));
  await press(page, "Approve", `Approved: ${TO}`);
  assert.equal(await status(approved), "approved");
  await page.locator("#detail .state", { hasText: "Approved" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Approve", exact: true }).isVisible(), false);
  assert.equal((await post(`/v2/Services/${shop}/VerificationCheck`, { To: TO, Code: "000000" })).code, 20404);

  const canceled = await begin();
  await press(page, "Cancel", `Canceled: ${TO}`);
  assert.equal(await status(canceled), "canceled");
  await page.locator("#detail .state", { hasText: "Canceled" }).waitFor();
  const expired = await begin();
  await press(page, "Expire", `Expired: ${TO}`);
  assert.equal(await status(expired), "expired");
  await page.locator("#detail .state", { hasText: "Expired" }).waitFor();

  // What the API rejects is told.
  await begin();
  for (let count = 2; count <= 5; count += 1) await press(page, "Send again", "Sent again");
  await press(page, "Send again", "Max send attempts reached");
});

test("the outcome of the next send is chosen", async (t) => {
  const { url, service, send } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  await send(shop, TO);
  await row(page, TO).locator("a").click();
  await page.getByLabel("Next send to this number").selectOption("blocked");
  await page.locator("#toast.shown", { hasText: "blocked by Fraud Guard" }).waitFor();
  assert.equal((await send(shop, TO)).code, 60410);
  assert.equal((await send(shop, TO)).status, "pending");
  await page.getByLabel("Next send to this number").selectOption("undelivered");
  await page.locator("#toast.shown", { hasText: "undelivered" }).waitFor();
  await press(page, "Send again", "Sent again");
  await row(page, TO).first().getByText("Undelivered").waitFor();
});

test("code, SIDs and requests are copied", async (t) => {
  const { url, service, send, control } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  const { sid, send_code_attempts: [{ attempt_sid: attempt }] } = await send(shop, TO);
  await press(page, "Copy code", "Copied code");
  assert.equal(await clipboard(page), await code(page, TO));
  await row(page, TO).locator("a").click();
  for (const [name, copied] of [["Copy verification SID", sid], ["Copy attempt SID", attempt], ["Copy service SID", shop]]) {
    await press(page, name, name.replace("Copy", "Copied"));
    assert.equal(await clipboard(page), copied);
  }
  const bash = async () => {
    const { stdout, stderr, status } = spawnSync("bash", ["-c", (await clipboard(page)).replace("curl", "curl -s")], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
  await press(page, "Copy send as cURL", "Copied the send as cURL");
  assert.equal((await bash()).send_code_attempts.length, 2);
  await press(page, "Copy check as cURL", "Copied the check as cURL");
  assert.equal((await bash()).status, "approved");
  assert.equal((await control("GET", `verifications/${sid}`)).status, "approved");
});

test("messages are searched by number, SID and code, and filtered by state", async (t) => {
  const { url, service, send, check } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  const { sid } = await send(shop, TO);
  await send(shop, "+12025550123");
  await row(page, "+12025550123").waitFor();
  const search = page.getByLabel("Search messages");
  for (const text of ["30030", sid, sid.slice(5, 20), await code(page, TO)]) {
    await search.fill(text);
    await page.locator("#inbox-count", { hasText: "1 message" }).waitFor();
    assert.equal(await row(page, TO).count(), 1, text);
  }
  await search.fill("nothing like it");
  await page.getByText("No message matches.").waitFor();
  await search.fill("");
  await page.locator("#inbox-count", { hasText: "2 messages" }).waitFor();
  await check(shop, TO, await code(page, TO));
  await page.getByLabel("State").selectOption("approved");
  await page.locator("#inbox-count", { hasText: "1 message" }).waitFor();
  assert.equal(await row(page, TO).count(), 1);
});

test("selection, focus and scroll position survive fifty requests a second", async (t) => {
  const { url, service, send, control } = await start(t);
  const page = await open(browser, url, { viewport: { width: 1200, height: 500 } });
  const shop = await service();
  for (let number = 0; number < 30; number += 1) await send(shop, `+573003003${String(number).padStart(3, "0")}`);
  await page.locator("#inbox-count", { hasText: "30 messages" }).waitFor();
  const chosen = row(page, "+573003003010");
  await chosen.scrollIntoViewIfNeeded();
  const list = page.locator("#inbox .list");
  await list.evaluate((element) => (element.scrollTop = 600));
  await chosen.locator(".code").dblclick();
  await page.getByLabel("Search messages").evaluate((element) => element.focus({ preventScroll: true }));
  // The focus of a field takes no selection away in Chromium.
  await chosen.locator(".code").evaluate((element) => {
    getSelection().selectAllChildren(element);
    element.isTheSame = true;
  });
  const selected = await chosen.locator(".code").textContent();
  const state = async () => ({
    selection: await page.evaluate(() => getSelection().toString()),
    focus: await page.evaluate(() => document.activeElement.id),
    same: await chosen.locator(".code").evaluate((element) => element.isTheSame === true),
    top: Math.round((await chosen.boundingBox()).y),
  });
  const before = await state();
  assert.deepEqual([before.selection, before.focus], [selected, "inbox-search"]);

  const began = Date.now();
  const sent = [];
  let received = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const number = sent.length;
      if (number === 150) {
        clearInterval(timer);
        resolve();
      } else {
        sent.push(send(shop, `+57305300${String(number).padStart(4, "0")}`).then(() => (received += 1)));
      }
    }, 20);
  });
  await Promise.all(sent);
  assert.equal(received, 150);
  assert.ok(Date.now() - began < 30_000);
  await page.locator("#inbox-count", { hasText: "180 messages" }).waitFor();
  assert.deepEqual(await state(), before);
  // Also if it is not among those that are shown otherwise.
  await control("POST", "clock", { advance_seconds: 1 });
  for (let number = 0; number < 40; number += 1) await send(shop, `+57305400${String(number).padStart(4, "0")}`);
  await page.locator("#inbox-count", { hasText: "220 messages" }).waitFor();
  assert.deepEqual(await state(), before);
  await list.evaluate((element) => {
    getSelection().removeAllRanges();
    element.scrollTop = 0;
  });
  await send(shop, TO);
  await page.locator("#inbox-count", { hasText: "200+ messages" }).waitFor();
});

test("a detail that is open stays while others come, and after a reload", async (t) => {
  const { url, service, send } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  await send(shop, TO);
  await row(page, TO).locator("a").click();
  await page.locator(".bubble").selectText();
  const selection = () => page.evaluate(() => getSelection().toString().trim());
  const before = await selection();
  assert.match(before, /Shop/);
  for (let number = 0; number < 210; number += 1) await send(shop, `+57305300${String(number).padStart(4, "0")}`);
  await page.locator("#inbox-count", { hasText: "200+ messages" }).waitFor();
  assert.equal(await selection(), before);
  await page.reload();
  await page.locator("#detail .title", { hasText: TO }).waitFor();
});

test("the keyboard searches, moves and copies", async (t) => {
  const { url, service, send } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  await send(shop, TO);
  await send(shop, "+12025550123");
  await row(page, "+12025550123").waitFor();
  const title = (text) => page.locator("#detail .title", { hasText: text }).waitFor();
  await page.keyboard.press("j");
  await title("+12025550123");
  await page.keyboard.press("j");
  await title(TO);
  await page.keyboard.press("j");
  await title(TO);
  await page.keyboard.press("c");
  await page.locator("#toast.shown", { hasText: "Copied code" }).waitFor();
  assert.equal(await clipboard(page), await code(page, TO));
  await page.keyboard.press("k");
  await title("+12025550123");
  await page.keyboard.press("Escape");
  await page.locator("#detail").waitFor({ state: "hidden" });
  await page.keyboard.press("/");
  await page.keyboard.type("jkc/");
  assert.equal(await page.getByLabel("Search messages").inputValue(), "jkc/");
});
