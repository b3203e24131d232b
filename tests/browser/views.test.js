// The other views of the emulator's page, and its top bar.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { clipboard, launch, open, press, start } from "./emulator.js";

const TO = "+573003003030";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test("the quick start has what a program needs, and sends a sample", async (t) => {
  const { url, account, token, control } = await start(t);
  const page = await open(browser, url);
  for (const [name, copied] of [["base url", url], ["account sid", account], ["auth token", token]]) {
    await press(page, `Copy ${name}`, `Copied ${name}`);
    assert.equal(await clipboard(page), copied);
  }
  const example = page.locator("pre");
  for (const language of ["curl", "Rust", "Python", "Node", "CLI"]) {
    await page.getByRole("button", { name: language, exact: true }).click();
    const text = await example.textContent();
    assert.ok(text.includes(url) && text.includes(account) && text.split("\n").length === 5, text);
  }
  // Each number of the list, with what it does.
  const { magic } = await control("GET", "outcomes");
  assert.equal(await page.locator(".numbers li").count(), magic.length);

  // The lines work as they are.
  await page.getByRole("button", { name: "curl", exact: true }).click();
  await press(page, "Copy example", "Copied example");
  const { stdout, status } = spawnSync("bash", ["-e"], { input: await clipboard(page), encoding: "utf8" });
  assert.equal(status, 0);
  assert.match(stdout, /"status":"approved"/);
  await page.locator("#messages > li", { hasText: "Approved" }).waitFor();
  await page.getByRole("link", { name: "Quick start" }).click();
  await page.getByRole("button", { name: "Send a sample code" }).click();
  await page.locator("#messages > li", { hasText: "Pending" }).waitFor();
});

test("the command line's lines of the quick start work", async (t) => {
  const { url, control } = await start(t);
  const page = await open(browser, url, { view: "start" });
  await page.getByRole("button", { name: "CLI", exact: true }).click();
  const lines = (await page.locator("pre").textContent()).split("\n");
  const bash = (script) => {
    const prepared = `shopt -s expand_aliases\n${script.replace("twilio-verify", process.env.TWILIO_VERIFY_PROGRAM)}`;
    const { stdout, stderr, status } = spawnSync("bash", ["-e"], { input: prepared, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const service = bash([...lines.slice(0, 4), "echo $SERVICE"].join("\n")).trim().split("\n").at(-1);
  const { messages } = await control("GET", "outbox");
  assert.equal(messages[0].service_sid, service);
  bash([...lines.slice(0, 2), `SERVICE=${service}`, lines[4].replace("CODE", messages[0].code)].join("\n"));
  assert.equal((await control("GET", "verifications")).verifications[0].status, "approved");
});

test("requests show their operation, code and fault, and open without secrets", async (t) => {
  const { url, token, service, send, control, post } = await start(t);
  const page = await open(browser, url, { view: "requests" });
  const shop = await service();
  await send(shop, "+15005550004");
  await control("POST", "faults", { operation: "CreateVerification", effect: 503, on: "1" });
  await send(shop, TO);
  await post(`/v2/Services/${shop}/Entities/ff483d1f-ada/Factors`, { FriendlyName: "Codes", FactorType: "totp" });
  const rows = page.locator("#request-rows > li");
  await rows.nth(3).waitFor();
  assert.deepEqual(await rows.locator("a.to").allTextContents(), ["CreateNewFactor", "CreateVerification", "CreateVerification", "CreateService"]);
  assert.match(await rows.nth(1).textContent(), /503.*CreateVerification:503,on=1/);
  assert.match(await rows.nth(2).textContent(), /403.*60410.*ms/);

  await rows.nth(0).locator("a.to").click();
  const panel = page.locator("#request");
  await panel.getByRole("heading", { name: "CreateNewFactor" }).waitFor();
  const text = await panel.textContent();
  assert.match(text, /FriendlyName = Codes/);
  assert.match(text, /"binding": "\[hidden\]"/);
  assert.match(text, /authorizationBasic \[hidden\]/);
  assert.ok(!text.includes(token) && !text.includes("otpauth"), text);
  await page.keyboard.press("j");
  await panel.getByRole("heading", { name: "CreateVerification" }).waitFor();
  await page.getByLabel("Search requests").fill("60410");
  await page.locator("#requests-count", { hasText: "1 of" }).waitFor();
  await page.getByLabel("Search requests").fill("");
  await page.getByLabel("errors only").check();
  await page.locator("#requests-count", { hasText: "2 of 4" }).waitFor();
});

test("a webhook's deliveries show their responses, and are sent once more", async (t) => {
  const { url, service, post } = await start(t);
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    response.writeHead(received === 1 ? 404 : 200).end(received === 1 ? "no such hook" : "thanks");
    request.resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const page = await open(browser, url, { view: "webhooks" });
  await page.getByText("No event was sent to a webhook yet").waitFor();
  const shop = await service();
  const hook = `http://127.0.0.1:${server.address().port}/hook`;
  await post(`/v2/Services/${shop}/Webhooks`, { FriendlyName: "Factors", EventTypes: "*", WebhookUrl: hook });
  await post(`/v2/Services/${shop}/Entities/ff483d1f-ada/Factors`, { FriendlyName: "Codes", FactorType: "totp" });
  const rows = page.locator("#delivery-rows > li");
  await rows.getByText("Refused, 404").waitFor();
  await rows.locator("a.to").click();
  const panel = page.locator("#delivery");
  await panel.getByText("no such hook").waitFor();
  await panel.getByText("ff483d1f-ada").waitFor();
  await press(page, "Redeliver", "Sent once more, as #2");
  await rows.getByText("Delivered, 200").waitFor();
  await panel.getByText("thanks").waitFor();
  assert.equal(received, 2);
});

test("faults are added and removed", async (t) => {
  const { url, service, send, control } = await start(t);
  const page = await open(browser, url, { view: "faults" });
  const shop = await service();
  await page.getByLabel("Operation").fill("CreateVerification");
  await page.getByRole("spinbutton", { name: "Status" }).fill("429");
  await page.getByLabel("Retry-After").fill("2");
  await press(page, "Add fault", "Added CreateVerification:429,retry-after=2");
  assert.equal((await send(shop, TO)).status, 429);
  await page.locator("#fault-rows > li", { hasText: "hit 1 of 1" }).waitFor();
  await page.getByLabel("Operation").fill("Nothing");
  await press(page, "Add fault", "unknown operation");
  await page.getByLabel("Operation").fill("*");
  await page.getByLabel("Effect").selectOption("latency");
  await page.getByLabel("Duration").fill("1ms..2ms");
  await press(page, "Add fault", "Added *:latency=1ms..2ms");
  await press(page, "Remove CreateVerification:429,retry-after=2", "Removed CreateVerification:429");
  assert.equal((await control("GET", "faults")).faults.length, 1);
  assert.equal((await send(shop, TO)).status, "pending");
});

test("attempts are counted, drawn with axes, and filtered", async (t) => {
  const { url, service, send, check, code, control } = await start(t);
  const page = await open(browser, url, { view: "attempts" });
  const shop = await service();
  await send(shop, TO);
  await check(shop, TO, await code(TO));
  await send(shop, "+12025550123", "call");
  const total = page.locator("#totals dd").first();
  await page.locator("#totals dd:text-is('50.0 %')").waitFor();
  assert.equal(await total.textContent(), "2");
  const chart = page.locator("#chart svg");
  assert.match(await chart.getAttribute("aria-label"), /last 24 hours, in UTC: 2, of which 1 converted/);
  for (const [name, label] of [["1 hour", /^[0-9]{2}:[0-9]{2}$/], ["30 days", /^[0-9]{2}-[0-9]{2}$/], ["24 hours", /^[0-9]{2}:00$/]]) {
    await page.getByRole("button", { name }).click();
    await page.locator(`#chart svg[aria-label*="${name}"]`).waitFor();
    const labels = await chart.locator("text").allTextContents();
    assert.ok(labels.includes("0") && labels.includes("2") && labels.some((text) => label.test(text)), labels.join(" "));
    assert.equal(await chart.locator("rect.converted").count(), 1);
  }
  await page.locator("#by-country", { hasText: "Colombia" }).waitFor();
  const channels = await page.locator("#by-channel").textContent();
  assert.ok(channels.includes("SMS1100.0 %") && channels.includes("Call10.0 %"), channels);
  await page.getByLabel("channels").selectOption("call");
  await page.locator("#totals dd:text-is('0.0 %')").waitFor();
  await page.waitForFunction(() => document.querySelectorAll("#attempt-rows > li").length === 1);
  await page.getByLabel("channels").selectOption("");
  await page.getByLabel("countries").selectOption("CO");
  await page.locator("#totals dd:text-is('100.0 %')").waitFor();
  await page.getByLabel("countries").selectOption("");
  await page.getByLabel("Search attempts").fill("+12025550123");
  await page.waitForFunction(() => document.querySelectorAll("#attempt-rows > li").length === 1);
  await page.getByLabel("Search attempts").fill("");
  await page.getByLabel("results").selectOption("converted");
  await page.waitForFunction((to) => document.querySelectorAll("#attempt-rows > li").length === 1
    && document.querySelector("#attempt-rows > li").textContent.includes(to), TO);
  await control("POST", "reset");
  await page.getByText("No attempt matches.").waitFor();
});

test("the clock ticks, and is advanced, set and stopped", async (t) => {
  const { url, control, service, send } = await start(t);
  const page = await open(browser, url);
  const time = () => page.locator("#clock-time").textContent();
  const first = await time();
  await page.waitForFunction((shown) => document.getElementById("clock-time").textContent !== shown, first);
  const shop = await service();
  await send(shop, TO);
  await press(page, "+10 min", "The clock is 10 min ahead");
  await page.locator("#messages > li", { hasText: "Expired" }).waitFor();
  await press(page, "+1 min", "The clock is 1 min ahead");
  await press(page, "+1 day", "The clock is 1 day ahead");
  assert.ok((await control("GET", "clock")).ahead_seconds >= 87_060);

  await page.locator("#clock").click();
  await page.getByLabel("Date and time").fill("2026-03-02T09:41:00");
  await page.getByLabel("stop it there").check();
  await press(page, "Set", "The clock shows 2026-03-02 09:41:00 UTC");
  assert.deepEqual([await time(), await page.locator("#clock-state").textContent()], ["09:41:00", "UTC, stopped"]);
  const { now, running } = await control("GET", "clock");
  assert.deepEqual([now, running], ["2026-03-02T09:41:00Z", false]);
  await page.locator("#clock").click();
  await press(page, "Machine's time", "The clock shows");
  const { ahead_seconds: ahead, running: runs } = await control("GET", "clock");
  assert.ok(runs && Math.abs(ahead) < 5, `${ahead}`);
});

test("the fixed code is a badge that survives a reload", async (t) => {
  const { url, service, send, code, control } = await start(t);
  const page = await open(browser, url);
  const badge = page.locator("#code-badge");
  assert.equal(await badge.locator("b").textContent(), "random");
  await badge.click();
  await page.getByLabel("Code, 4 to 10 letters").fill("424242");
  await press(page, "Fix code", "Every code is 424242 from now on");
  await page.reload();
  await page.locator("#code-badge.fixed", { hasText: "424242" }).waitFor();
  const shop = await service();
  await send(shop, TO);
  assert.equal(await code(TO), "424242");
  // What a program sets shows too.
  await control("PUT", "code", { code: "1234" });
  await page.locator("#code-badge.fixed", { hasText: "1234" }).waitFor();
  await badge.click();
  await press(page, "Random codes", "Codes are random");
  assert.equal((await control("GET", "code")).code, null);
});

test("a reset asks first", async (t) => {
  const { url, service, send, control } = await start(t);
  const page = await open(browser, url);
  const shop = await service();
  await send(shop, TO);
  await page.locator("#messages > li", { hasText: TO }).locator("a").click();
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await page.getByRole("heading", { name: "Reset the emulator?" }).waitFor();
  await page.getByRole("button", { name: "Keep everything" }).click();
  assert.equal((await control("GET", "verifications")).verifications.length, 1);
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await press(page, "Reset everything", "Everything is as at the start");
  await page.getByRole("heading", { name: "Send a code, and it arrives here" }).waitFor();
  assert.equal(await page.locator("#detail").isVisible(), false);
  assert.equal((await control("GET", "verifications")).verifications.length, 0);
  // And it goes on.
  const again = await service();
  await send(again, TO);
  await page.locator("#messages > li", { hasText: TO }).waitFor();
});

test("the page shows that the emulator has ended", async (t) => {
  const emulator = await start(t);
  // Its console is not looked at.
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`${emulator.url}/_emulator/`);
  await page.getByText("Live", { exact: true }).waitFor();
  await emulator.stop();
  await page.getByText("does not respond").waitFor();
});
